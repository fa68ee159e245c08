package dev.gavel.policy.compile;

import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Regex;
import dev.gavel.policy.condition.AddressSet;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.condition.NumberRanges;
import dev.gavel.policy.condition.TextRegex;
import dev.gavel.policy.condition.TextTest;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.syntax.Expression.Comparison;
import dev.gavel.policy.syntax.Expression.Item;
import dev.gavel.policy.syntax.Expression.Slice;
import dev.gavel.policy.syntax.Expression.Test;
import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.policy.syntax.Literal;
import dev.gavel.policy.syntax.Operator;
import dev.gavel.policy.syntax.Relation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Compiles each single test of one expression, after checking that the operator and the values suit the field. */
final class TestCompiler {
    private static final EnumSet<Operator> EQUALITY = EnumSet.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN);
    private static final Map<Kind, Set<Operator>> OPERATORS = new EnumMap<>(Kind.class);
    private static final NumberRanges NOT_ZERO = NumberRanges.of(1, Long.MAX_VALUE);

    static {
        for (Kind kind : Kind.values()) {
            OPERATORS.put(kind, goingWith(kind));
        }
    }

    private final SourceText text;
    private final Lists lists;
    private final Patterns patterns;

    /** Compiles tests of the expression {@code text}. */
    TestCompiler(SourceText text, Lists lists, Patterns patterns) {
        this.text = text;
        this.lists = lists;
        this.patterns = patterns;
    }

    /** Compiles {@code test}; the condition records its place in the text for explanations. */
    Condition compile(Test test) throws ExpressionMistake {
        FieldName name = FieldLookup.of(test.field(), test.at());
        return new Condition.Noted(condition(test, name), text.value(), test.at(), test.end(), name);
    }

    private Condition condition(Test test, FieldName name) throws ExpressionMistake {
        Comparison comparison = test.comparison();
        check(test, name);
        if (comparison == null) {
            return withProtocol(name, any(name, field -> alone(test, name, field)));
        }
        checkOperator(name, comparison);
        Condition equal = comparison.items().get(0).first() instanceof Literal.ListName list
                ? listed(test, name, comparison, list)
                : relation(test, name, comparison);
        if (comparison.operator() != Operator.NOT_EQUAL) {
            return withProtocol(name, equal);
        }
        Condition differs = new Condition.And(any(name, Condition.Present::new), new Condition.Not(equal));
        return withProtocol(name, differs);
    }

    private static void check(Test test, FieldName name) throws ExpressionMistake {
        if (test.index() != null) {
            throw new ExpressionMistake(test.at(), name.name() + " has no parts by name", "no [\"…\"] behind it");
        }
        Slice slice = test.slice();
        if (slice != null && name.kind() != Kind.TEXT && name.kind() != Kind.BYTES) {
            throw wrong(slice.at(), "slice", name, "a slice of text or bytes only");
        }
        if (test.mask() != null && name.kind() != Kind.NUMBER) {
            throw wrong(test.mask().at(), "mask", name, "a mask on a number only");
        }
    }

    private static ExpressionMistake wrong(int at, String what, FieldName name, String expected) {
        return new ExpressionMistake(
                at, what + " on " + name.name() + ", which is " + name.kind().description(), expected);
    }

    private static void checkOperator(FieldName name, Comparison comparison) throws ExpressionMistake {
        Operator operator = comparison.operator();
        if (!operators(name.kind()).contains(operator)) {
            List<String> known =
                    operators(name.kind()).stream().map(Operator::word).toList();
            throw wrong(comparison.at(), Words.quoted(operator.word()), name, Words.either(known));
        }
    }

    /**
     * The operators allowed for fields of {@code kind}, in the order of the grammar; callers must not modify the set.
     */
    static Set<Operator> operators(Kind kind) {
        return Objects.requireNonNull(OPERATORS.get(kind));
    }

    private static EnumSet<Operator> goingWith(Kind kind) {
        EnumSet<Operator> operators = EnumSet.copyOf(EQUALITY);
        switch (kind) {
            case NUMBER -> operators.addAll(EnumSet.range(Operator.EQUAL, Operator.AT_LEAST));
            case BOOLEAN -> operators.remove(Operator.IN);
            case TEXT, BYTES -> {
                operators.add(Operator.EQUAL_IGNORING_CASE);
                operators.addAll(EnumSet.range(Operator.CONTAINS, Operator.MATCHES));
            }
            case WORD, ADDRESS, MAC -> {}
        }
        return operators;
    }

    private static Condition alone(Test test, FieldName name, Field field) {
        if (test.mask() != null) {
            return new Condition.NumberIn(field, test.mask().value(), NOT_ZERO);
        }
        if (name.kind() == Kind.BOOLEAN) {
            return new Condition.NumberIn(field, name.bits(), NOT_ZERO);
        }
        return test.slice() == null ? new Condition.Present(field) : notEmpty(name, test.slice(), field);
    }

    /** Compiles a slice without an operator: true if the slice holds at least one byte. */
    private static Condition notEmpty(FieldName name, Slice slice, Field field) {
        if (name.kind() == Kind.BYTES) {
            return new Condition.NumberIn(field, -1, NumberRanges.of(slice.from() + 1L, Long.MAX_VALUE));
        }
        TextTest some = new TextTest(Relation.NOT_EMPTY, false, slice.from(), slice.to(), List.of(""));
        return new Condition.TextIs(field, some);
    }

    /** Compiles a comparison with a list: true if it holds for at least one entry. */
    private Condition listed(Test test, FieldName name, Comparison comparison, Literal.ListName list)
            throws ExpressionMistake {
        EntryList entries = lists.entries(list, name);
        if (entries instanceof EntryList.Nets nets) {
            return any(name, field -> new Condition.AddressIn(field, nets.addresses()));
        }
        if (entries instanceof EntryList.Ports ports) {
            long mask = test.mask() == null ? name.bits() : test.mask().value();
            return any(name, field -> new Condition.NumberIn(field, mask, ports.ports()));
        }
        List<Item> items = new ArrayList<>();
        for (byte[] text : ((EntryList.Strings) entries).texts()) {
            if (text.length <= to(test) - from(test)) { // longer texts can never match
                items.add(new Item(new Literal.Text(list.at(), list.written(), text), null));
            }
        }
        return items.isEmpty()
                ? Condition.Constant.NEVER
                : relation(test, name, new Comparison(comparison.at(), comparison.operator(), items));
    }

    /**
     * Compiles a comparison with values: true if it holds for at least one value. {@code !=} is compiled like {@code
     * ==}; the caller negates it.
     */
    private Condition relation(Test test, FieldName name, Comparison comparison) throws ExpressionMistake {
        if (comparison.items().get(0).first() instanceof Literal.Regex regex) {
            return matches(test, name, regex);
        }
        return switch (name.kind()) {
            case NUMBER, BOOLEAN, WORD, MAC -> {
                NumberRanges ranges = Operands.numbers(name, comparison);
                long mask = test.mask() == null ? name.bits() : test.mask().value();
                yield any(name, field -> new Condition.NumberIn(field, mask, ranges));
            }
            case ADDRESS -> {
                AddressSet addresses = AddressSet.of(Operands.addresses(name, comparison));
                yield any(name, field -> new Condition.AddressIn(field, addresses));
            }
            case TEXT -> {
                TextTest relation = text(test, name, comparison);
                yield any(name, field -> new Condition.TextIs(field, relation));
            }
            case BYTES -> hit(test, name, comparison);
        };
    }

    private static TextTest text(Test test, FieldName name, Comparison comparison) throws ExpressionMistake {
        List<String> operands = new ArrayList<>();
        for (Literal.Text literal : Operands.texts(name, comparison, test.slice())) {
            operands.add(Operands.utf8(name, literal));
        }
        Operator operator = comparison.operator();
        return new TextTest(operator.relation(), operator.ignoresCase(), from(test), to(test), operands);
    }

    private Condition hit(Test test, FieldName name, Comparison comparison) throws ExpressionMistake {
        BytePatterns bytes = new BytePatterns(comparison.operator(), from(test), to(test));
        List<LiteralPattern> literals = new ArrayList<>();
        for (Literal.Text text : Operands.texts(name, comparison, test.slice())) {
            literals.addAll(bytes.of(text.bytes()));
        }
        return patterns.hit(test.at(), name.fields().get(0), 0, Integer.MAX_VALUE, literals);
    }

    private Condition matches(Test test, FieldName name, Literal.Regex literal) throws ExpressionMistake {
        Regex regex = Operands.regex(literal);
        if (name.kind() == Kind.TEXT) {
            TextRegex relation = new TextRegex(regex, from(test), to(test));
            return any(name, field -> new Condition.TextMatches(field, relation));
        }
        patterns.place(regex, text.at(literal.at()));
        return patterns.hit(test.at(), name.fields().get(0), from(test), to(test), List.of(regex));
    }

    private static int from(Test test) {
        return test.slice() == null ? 0 : test.slice().from();
    }

    private static int to(Test test) {
        return test.slice() == null ? Integer.MAX_VALUE : test.slice().to();
    }

    private static Condition any(FieldName name, Function<Field, Condition> condition) {
        List<Field> fields = name.fields();
        return fields.size() == 1
                ? condition.apply(fields.get(0))
                : new Condition.Or(fields.stream().map(condition).toArray(Condition[]::new));
    }

    private static Condition withProtocol(FieldName name, Condition condition) {
        Field only = name.only();
        return only == null ? condition : new Condition.And(new Condition.NumberIn(only, -1, NOT_ZERO), condition);
    }
}

package dev.gavel.policy.syntax;

import dev.gavel.config.source.Words;
import dev.gavel.policy.syntax.Expression.Comparison;
import dev.gavel.policy.syntax.Expression.Item;
import dev.gavel.policy.syntax.Expression.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses one expression by recursive descent; stops at the first mistake. The grammar is in section 2 of the contract.
 */
public final class Parser {
    static final int MAX_BYTES = 64 << 10;
    static final int MAX_DEPTH = 64;
    private static final Set<String> CONNECTIVES = Set.of("and", "or", "not");

    private final Lexer lexer;
    private Token token;
    private int depth;

    private Parser(String text) throws ExpressionMistake {
        lexer = new Lexer(text);
        token = lexer.next();
    }

    public static Expression parse(String text) throws ExpressionMistake {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new ExpressionMistake(0, "expression of " + bytes + " bytes", "at most 64 KiB");
        }
        Parser parser = new Parser(text);
        Expression expression = parser.either();
        if (parser.token.type() != Token.Type.END) {
            throw parser.unexpected("and, or, or the end of the expression", List.of("and", "or"));
        }
        return expression;
    }

    /** Parses a text that consists of exactly one set item: a value or a range. */
    public static Item item(String text) throws ExpressionMistake {
        Parser parser = new Parser(text);
        Item item = parser.item();
        if (parser.token.type() != Token.Type.END) {
            throw parser.unexpected("one entry", List.of());
        }
        return item;
    }

    private Expression either() throws ExpressionMistake {
        List<Expression> parts = new ArrayList<>(List.of(both()));
        while (take("or") || take("||")) {
            parts.add(both());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Or(List.copyOf(parts));
    }

    private Expression both() throws ExpressionMistake {
        List<Expression> parts = new ArrayList<>(List.of(negation()));
        while (take("and") || take("&&")) {
            parts.add(negation());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.And(List.copyOf(parts));
    }

    private Expression negation() throws ExpressionMistake {
        boolean negated = false;
        while (take("not") || take("!")) {
            negated = !negated; // a loop, since thousands of `not` must not overflow the stack
        }
        Expression part = token.is("(") ? parentheses() : test();
        return negated ? new Expression.Not(part) : part;
    }

    private Expression parentheses() throws ExpressionMistake {
        if (++depth > MAX_DEPTH) {
            throw new ExpressionMistake(token.at(), "parentheses too deep", "at most " + MAX_DEPTH + " levels");
        }
        expect("(");
        Expression inner = either();
        expect(")");
        depth--;
        return inner;
    }

    private Expression test() throws ExpressionMistake {
        Token name = token;
        if (name.type() != Token.Type.NAME || isKeyword(name)) {
            throw unexpected("a field, not or (", List.of());
        }
        advance();
        String index = null;
        Slice slice = null;
        if (token.is("[")) {
            Token bracket = token;
            advance();
            index = token.literal() instanceof Literal.Text text ? index(text) : null;
            slice = index == null ? slice(bracket.at()) : null;
        }
        if (index != null && token.is("[")) {
            Token bracket = token;
            advance();
            slice = slice(bracket.at());
        }
        Literal.Numeral mask = take("&") ? number() : null;
        Comparison comparison = comparison();
        return new Expression.Test(name.at(), token.at(), name.text(), index, slice, mask, comparison);
    }

    private String index(Literal.Text text) throws ExpressionMistake {
        advance();
        expect("]");
        return new String(text.bytes(), StandardCharsets.UTF_8);
    }

    private Slice slice(int at) throws ExpressionMistake {
        int from = token.is(":") ? 0 : bound(number());
        expect(":");
        int to = token.is("]") ? Integer.MAX_VALUE : bound(number());
        expect("]");
        if (from >= to) {
            throw new ExpressionMistake(at, "empty slice", "[FROM:TO] with FROM below TO, the first byte being 0");
        }
        return new Slice(at, from, to);
    }

    private static int bound(Literal.Numeral number) throws ExpressionMistake {
        if (number.value() >= Integer.MAX_VALUE) {
            throw new ExpressionMistake(number.at(), "impossible slice", "less than " + Integer.MAX_VALUE);
        }
        return (int) number.value();
    }

    private Literal.Numeral number() throws ExpressionMistake {
        if (!(token.literal() instanceof Literal.Numeral number)) {
            throw unexpected("a number", List.of());
        }
        advance();
        return number;
    }

    private @Nullable Comparison comparison() throws ExpressionMistake {
        Operator operator = Operator.of(token);
        if (operator == null) {
            if (token.is("not")) {
                throw unexpected("an operator, and, or, or the end; not goes in front: not FIELD in {…}", List.of());
            }
            if (token.type() == Token.Type.NAME && !CONNECTIVES.contains(token.text())) {
                throw unexpected("an operator, and, or, or the end", Operator.words());
            }
            return null;
        }
        int at = token.at();
        if (operator == Operator.MATCHES) {
            Literal.Regex regex = lexer.regex();
            advance();
            return new Comparison(at, operator, List.of(new Item(regex, null)));
        }
        advance();
        if (operator.takesSet() && take("{")) {
            return new Comparison(at, operator, set());
        }
        if (operator.takesSet() && token.literal() instanceof Literal.ListName list) {
            advance();
            return new Comparison(at, operator, List.of(new Item(list, null)));
        }
        if (operator == Operator.IN) {
            throw unexpected("a set such as {80, 443} or a list such as $name; one value goes with ==", List.of());
        }
        return new Comparison(at, operator, List.of(new Item(value(), null)));
    }

    private List<Item> set() throws ExpressionMistake {
        List<Item> items = new ArrayList<>();
        do {
            items.add(item());
        } while (take(","));
        expect("}");
        return List.copyOf(items);
    }

    private Item item() throws ExpressionMistake {
        Literal first = value();
        return new Item(first, take("..") ? value() : null);
    }

    private Literal value() throws ExpressionMistake {
        Token value = token;
        if (value.literal() instanceof Literal.ListName) {
            throw unexpected("a value; a list stands alone behind in, contains and their like", List.of());
        }
        boolean word = value.type() == Token.Type.NAME && !isKeyword(value);
        if (value.type() != Token.Type.VALUE && !word) {
            throw unexpected(token.is("{") ? "a value; sets go with in" : "a value", List.of());
        }
        advance();
        return word ? new Literal.Word(value.at(), value.text()) : Objects.requireNonNull(value.literal());
    }

    private static boolean isKeyword(Token token) {
        return CONNECTIVES.contains(token.text()) || Operator.of(token) != null;
    }

    private boolean take(String wanted) throws ExpressionMistake {
        boolean there = token.is(wanted);
        if (there) {
            advance();
        }
        return there;
    }

    private void expect(String wanted) throws ExpressionMistake {
        if (!take(wanted)) {
            throw unexpected(wanted, List.of());
        }
    }

    private void advance() throws ExpressionMistake {
        token = lexer.next();
    }

    private ExpressionMistake unexpected(String expected, List<String> words) {
        String found = token.type() == Token.Type.END ? "the end of the expression" : Words.quoted(token.text());
        return new ExpressionMistake(token.at(), "found " + found, expected + Words.didYouMean(token.text(), words));
    }
}

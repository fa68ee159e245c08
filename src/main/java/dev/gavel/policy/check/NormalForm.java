package dev.gavel.policy.check;

import dev.gavel.policy.syntax.Expression;
import dev.gavel.policy.syntax.Expression.Comparison;
import dev.gavel.policy.syntax.Expression.Item;
import dev.gavel.policy.syntax.Expression.Test;
import dev.gavel.policy.syntax.Literal;
import dev.gavel.policy.syntax.Operator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Converts expressions to text that does not depend on order, spelling or repetition. Expressions with equal texts are
 * equivalent; equivalent expressions may still have different texts.
 */
final class NormalForm {
    private NormalForm() {}

    /** The conjuncts of {@code expression} as texts: the expression is true exactly if all of them are true. */
    static Set<String> conjuncts(Expression expression) {
        Set<String> conjuncts = new TreeSet<>();
        addConjuncts(expression, conjuncts);
        return conjuncts;
    }

    private static void addConjuncts(Expression expression, Set<String> into) {
        if (expression instanceof Expression.And and) {
            for (Expression part : and.parts()) {
                addConjuncts(part, into);
            }
        } else {
            into.add(text(expression));
        }
    }

    /** The disjuncts of {@code expression}: the expression is true exactly if at least one of them is true. */
    static List<Expression> disjuncts(Expression expression) {
        List<Expression> disjuncts = new ArrayList<>();
        if (expression instanceof Expression.Or or) {
            or.parts().forEach(part -> disjuncts.addAll(disjuncts(part)));
        } else if (expression instanceof Test test && test.comparison() != null) {
            Comparison comparison = test.comparison();
            comparison.items().forEach(item -> disjuncts.add(with(test, comparison, item)));
        } else {
            disjuncts.add(expression);
        }
        return disjuncts;
    }

    private static Test with(Test test, Comparison comparison, Item item) {
        Comparison single = new Comparison(comparison.at(), comparison.operator(), List.of(item));
        return new Test(test.at(), test.end(), test.field(), test.index(), test.slice(), test.mask(), single);
    }

    private static String text(Expression expression) {
        if (expression instanceof Expression.And and) {
            return joined("and", and.parts());
        }
        if (expression instanceof Expression.Or or) {
            return joined("or", or.parts());
        }
        if (expression instanceof Expression.Not not) {
            return "not(" + text(not.part()) + ")";
        }
        return text((Test) expression);
    }

    private static String joined(String word, List<Expression> parts) {
        Set<String> texts = new TreeSet<>();
        for (Expression part : parts) {
            texts.add(text(part));
        }
        return word + "(" + String.join(",", texts) + ")";
    }

    private static String text(Test test) {
        StringBuilder text = new StringBuilder(test.field());
        if (test.index() != null) {
            text.append('[').append(HexFormat.of().formatHex(test.index().getBytes(StandardCharsets.UTF_8)));
        }
        if (test.slice() != null) {
            text.append('[')
                    .append(test.slice().from())
                    .append(':')
                    .append(test.slice().to());
        }
        if (test.mask() != null) {
            text.append('&').append(test.mask().value());
        }
        Comparison comparison = test.comparison();
        return comparison == null
                ? text.toString()
                : text.append(text(comparison)).toString();
    }

    private static String text(Comparison comparison) {
        Set<String> items = new TreeSet<>();
        for (Item item : comparison.items()) {
            items.add(text(item));
        }
        boolean single = comparison.operator() == Operator.IN && items.size() == 1;
        Operator operator = single ? Operator.EQUAL : comparison.operator();
        return " " + operator.word() + " " + String.join(",", items);
    }

    private static String text(Item item) {
        return item.last() == null ? text(item.first()) : text(item.first()) + ".." + text(item.last());
    }

    private static String text(Literal literal) {
        if (literal instanceof Literal.Numeral number) {
            return Long.toString(number.value());
        }
        if (literal instanceof Literal.Net net) {
            return net.first() + "-" + net.last();
        }
        if (literal instanceof Literal.Mac mac) {
            return "mac" + mac.value();
        }
        if (literal instanceof Literal.Text text) {
            return "|" + HexFormat.of().formatHex(text.bytes());
        }
        return literal.written();
    }
}

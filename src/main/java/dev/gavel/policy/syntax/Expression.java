package dev.gavel.policy.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression as parsed, before names and types are checked. */
public sealed interface Expression {
    /** True when all of at least two are. */
    record And(List<Expression> parts) implements Expression {}

    /** True when one of at least two is. */
    record Or(List<Expression> parts) implements Expression {}

    /** True when the other is false. */
    record Not(Expression part) implements Expression {}

    /**
     * What is asked of a field.
     *
     * @param at index of the field's name in the text
     * @param end index of what follows the test; blanks may stand in front of it
     * @param index what stands in brackets and quotes behind the name; null without
     * @param mask bits of a number that count; null: all
     * @param comparison null: the field alone
     */
    record Test(
            int at,
            int end,
            String field,
            @Nullable String index,
            @Nullable Slice slice,
            Literal.@Nullable Numeral mask,
            @Nullable Comparison comparison)
            implements Expression {}

    /** An operator at index {@code at}, and what the field is compared with: one item, or those of a set. */
    record Comparison(int at, Operator operator, List<Item> items) {}

    /** Bytes {@code from} to {@code to}-1. */
    record Slice(int at, int from, int to) {}

    /** One value, or a range when {@code last} is there. */
    record Item(Literal first, @Nullable Literal last) {}
}

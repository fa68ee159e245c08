package dev.gavel.policy.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed expression. Field names and value types have not been checked yet. */
public sealed interface Expression {
    /** True if all parts are true; there are at least two parts. */
    record And(List<Expression> parts) implements Expression {}

    /** True if at least one part is true; there are at least two parts. */
    record Or(List<Expression> parts) implements Expression {}

    /** True if its part is false. */
    record Not(Expression part) implements Expression {}

    /**
     * A test of one field.
     *
     * @param at index of the field's name in the text
     * @param end index of the token after the test; there may be blanks before it
     * @param index the text in brackets and quotes after the name; null if there is none
     * @param mask the bits of a number that are compared; null: all
     * @param comparison null: the field stands alone
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

    /**
     * An operator at index {@code at}, and the values that the field is compared with: one value, or the items of a
     * set.
     */
    record Comparison(int at, Operator operator, List<Item> items) {}

    /** Bytes {@code from} to {@code to}-1 of a field; {@code at} is the index of the slice in the text. */
    record Slice(int at, int from, int to) {}

    /** The value {@code first} or, if {@code last} is not null, the range from {@code first} to {@code last}. */
    record Item(Literal first, @Nullable Literal last) {}
}

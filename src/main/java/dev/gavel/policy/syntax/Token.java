package dev.gavel.policy.syntax;

import org.jspecify.annotations.Nullable;

/**
 * One token of an expression. {@code text} is the token as written, and {@code at} its index in the expression; {@code
 * literal} is not null exactly if the token is a value.
 */
record Token(Type type, int at, String text, @Nullable Literal literal) {
    enum Type {
        /** Punctuation, or an operator made of punctuation. */
        SYMBOL,
        /** A keyword, a field's name or a bare word. */
        NAME,
        VALUE,
        END
    }

    boolean is(String wanted) {
        return (type == Type.SYMBOL || type == Type.NAME) && text.equals(wanted);
    }
}

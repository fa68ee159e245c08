package dev.gavel.policy.syntax;

import org.jspecify.annotations.Nullable;

/**
 * One token of an expression: {@code text} as written, from index {@code at} on. A symbol, a keyword or a field's name
 * is its text; {@code literal} is there for values.
 */
record Token(Type type, int at, String text, @Nullable Literal literal) {
    /** What a token can be. */
    enum Type {
        /** Punctuation or an operator made of it. */
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

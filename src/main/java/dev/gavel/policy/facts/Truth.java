package dev.gavel.policy.facts;

/** A value of Kleene's three-valued logic. OPEN means not known yet: it may become TRUE or FALSE. */
public enum Truth {
    FALSE,
    OPEN,
    TRUE;

    public static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public Truth and(Truth other) {
        return compareTo(other) < 0 ? this : other;
    }

    public Truth or(Truth other) {
        return compareTo(other) > 0 ? this : other;
    }

    public Truth not() {
        return this == OPEN ? OPEN : of(this == FALSE);
    }
}

package dev.gavel.policy.syntax;

/** What a text, or bytes, must be to an operand. */
public enum Relation {
    EQUAL,
    CONTAINS,
    STARTS_WITH,
    ENDS_WITH,
    /** Of a slice that holds something, whatever the operand. */
    NOT_EMPTY
}

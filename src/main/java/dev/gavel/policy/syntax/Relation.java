package dev.gavel.policy.syntax;

/** A relation between text, or bytes, and an operand. */
public enum Relation {
    EQUAL,
    CONTAINS,
    STARTS_WITH,
    ENDS_WITH,
    /** The slice holds at least one byte; the operand does not matter. */
    NOT_EMPTY
}

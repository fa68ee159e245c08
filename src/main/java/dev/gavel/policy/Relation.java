package dev.gavel.policy;

/** What a text, or bytes, must be to an operand. */
enum Relation {
    EQUAL,
    CONTAINS,
    STARTS_WITH,
    ENDS_WITH,
    /** Of a slice that holds something, whatever the operand. */
    NOT_EMPTY
}

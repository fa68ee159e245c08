package dev.gavel.policy.syntax;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An operator between a field and its values. */
public enum Operator {
    EQUAL("==", "eq"),
    NOT_EQUAL("!=", "ne"),
    LESS("<", "lt"),
    AT_MOST("<=", "le"),
    GREATER(">", "gt"),
    AT_LEAST(">=", "ge"),
    EQUAL_IGNORING_CASE("ieq"),
    IN("in"),
    CONTAINS("contains"),
    CONTAINS_IGNORING_CASE("icontains"),
    STARTS_WITH("starts_with"),
    STARTS_WITH_IGNORING_CASE("istarts_with"),
    ENDS_WITH("ends_with"),
    ENDS_WITH_IGNORING_CASE("iends_with"),
    MATCHES("matches");

    private static final Map<String, Operator> BY_TEXT = new HashMap<>();

    static {
        for (Operator operator : values()) {
            BY_TEXT.put(operator.word, operator);
            BY_TEXT.put(operator.alternative, operator);
        }
    }

    private final String word;
    private final String alternative;

    Operator(String word) {
        this(word, word);
    }

    Operator(String symbol, String word) {
        this.word = symbol;
        this.alternative = word;
    }

    static @Nullable Operator of(Token token) {
        return token.type() == Token.Type.VALUE ? null : BY_TEXT.get(token.text());
    }

    /** All operators in the spelling that uses letters, in the order of the grammar. */
    static List<String> words() {
        return Arrays.stream(values()).map(operator -> operator.alternative).toList();
    }

    /** The main spelling of the operator in the grammar. */
    public String word() {
        return word;
    }

    /** Whether the operator accepts a set as well as a single value. */
    boolean takesSet() {
        return this == IN || isTextual();
    }

    boolean isTextual() {
        return compareTo(CONTAINS) >= 0 && this != MATCHES;
    }

    /**
     * The relation that this operator tests between text or bytes and an operand; {@code !=} has the relation of {@code
     * ==}, which the caller negates.
     */
    public Relation relation() {
        return switch (this) {
            case CONTAINS, CONTAINS_IGNORING_CASE -> Relation.CONTAINS;
            case STARTS_WITH, STARTS_WITH_IGNORING_CASE -> Relation.STARTS_WITH;
            case ENDS_WITH, ENDS_WITH_IGNORING_CASE -> Relation.ENDS_WITH;
            default -> Relation.EQUAL;
        };
    }

    public boolean ignoresCase() {
        return switch (this) {
            case EQUAL_IGNORING_CASE, CONTAINS_IGNORING_CASE, STARTS_WITH_IGNORING_CASE, ENDS_WITH_IGNORING_CASE ->
                true;
            default -> false;
        };
    }
}

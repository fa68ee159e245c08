package dev.gavel.policy;

import java.util.List;

/**
 * Compares a text, or a slice of it, with operands. Texts are names of devices, which are ASCII, so that slices and
 * cases go by character. Immutable.
 */
final class TextTest {
    /** What makes the test true for an operand. */
    enum Relation {
        EQUAL,
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH
    }

    private final Relation relation;
    private final boolean ignoresCase;
    private final int from;
    private final int to;
    private final String[] operands;

    /** Sees characters {@code from} to {@code to}-1 of the text. */
    TextTest(Relation relation, boolean ignoresCase, int from, int to, List<String> operands) {
        this.relation = relation;
        this.ignoresCase = ignoresCase;
        this.from = from;
        this.to = to;
        this.operands = operands.toArray(String[]::new);
    }

    boolean matches(String text) {
        int start = Math.min(from, text.length());
        int end = Math.min(to, text.length());
        for (String operand : operands) {
            if (matches(text, start, end, operand)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(String text, int start, int end, String operand) {
        int spare = end - start - operand.length();
        if (spare < 0) {
            return false;
        }
        return switch (relation) {
            case EQUAL -> spare == 0 && occurs(text, start, operand);
            case STARTS_WITH -> occurs(text, start, operand);
            case ENDS_WITH -> occurs(text, start + spare, operand);
            case CONTAINS -> {
                int at = start;
                while (at < start + spare && !occurs(text, at, operand)) {
                    at++;
                }
                yield occurs(text, at, operand);
            }
        };
    }

    private boolean occurs(String text, int at, String operand) {
        for (int i = 0; i < operand.length(); i++) {
            char a = text.charAt(at + i);
            char b = operand.charAt(i);
            if (a != b && !(ignoresCase && lower(a) == lower(b))) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }
}

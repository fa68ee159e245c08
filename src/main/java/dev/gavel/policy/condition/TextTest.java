package dev.gavel.policy.condition;

import dev.gavel.policy.syntax.Relation;
import java.util.List;

/**
 * Compares a text, or a slice of it, with operands. Texts are names of network devices, which are ASCII, so slices are
 * counted in characters and case is that of A to Z. Immutable.
 */
public final class TextTest {
    private final Relation relation;
    private final int from;
    private final int to;
    private final TextSet operands;

    /** Only characters {@code from} to {@code to}-1 of the text are compared. */
    public TextTest(Relation relation, boolean ignoresCase, int from, int to, List<String> operands) {
        this.relation = relation;
        this.from = from;
        this.to = to;
        this.operands = new TextSet(operands, ignoresCase);
    }

    boolean matches(String text) {
        int start = Math.min(from, text.length());
        int end = Math.min(to, text.length());
        return switch (relation) {
            case NOT_EMPTY -> end > start;
            case EQUAL -> operands.contains(text, start, end);
            case STARTS_WITH -> startsWith(text, start, end);
            case ENDS_WITH -> {
                int at = start;
                while (at < end && !operands.contains(text, at, end)) {
                    at++;
                }
                yield at < end;
            }
            case CONTAINS -> {
                int at = start;
                while (at < end && !startsWith(text, at, end)) {
                    at++;
                }
                yield at < end;
            }
        };
    }

    private boolean startsWith(String text, int start, int end) {
        int to = end;
        while (to > start && !operands.contains(text, start, to)) {
            to--;
        }
        return to > start;
    }
}

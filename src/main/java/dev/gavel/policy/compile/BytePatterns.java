package dev.gavel.policy.compile;

import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.LiteralPattern.Position;
import dev.gavel.policy.syntax.Operator;
import java.util.List;

/**
 * Translates a text operator, applied to the slice {@code from} … {@code to - 1} of a field, into literal patterns. The
 * operator sees only the slice; a short field may end within it. {@code to} is {@link Integer#MAX_VALUE} for a slice
 * without an end.
 */
final class BytePatterns {
    private final Operator operator;
    private final Case sensitivity;
    private final int from;
    private final int to;

    BytePatterns(Operator operator, int from, int to) {
        this.operator = operator;
        this.sensitivity = operator.ignoresCase() ? Case.INSENSITIVE : Case.SENSITIVE;
        this.from = from;
        this.to = to;
    }

    /**
     * The literal patterns for {@code text}: the operator is true of the slice exactly if at least one of them is
     * found. Precondition: the text is not longer than the slice.
     */
    List<LiteralPattern> of(byte[] text) {
        int after = from + text.length; // index after a text at the start of the slice
        return switch (operator.relation()) {
            case STARTS_WITH -> List.of(literal(text, from, after, Position.ANYWHERE));
            case EQUAL -> List.of(literal(text, from, after, after == to ? Position.ANYWHERE : Position.AT_END));
            case ENDS_WITH -> ending(text);
            case CONTAINS, NOT_EMPTY -> List.of(literal(text, from, to, Position.ANYWHERE));
        };
    }

    /** Patterns for a text at the end of the slice or, if the field ends within the slice, at the end of the field. */
    private List<LiteralPattern> ending(byte[] text) {
        if (to == Integer.MAX_VALUE) {
            return List.of(literal(text, from, to, Position.AT_END));
        }
        LiteralPattern atSliceEnd = literal(text, to - text.length, to, Position.ANYWHERE);
        return text.length == to - from
                ? List.of(atSliceEnd)
                : List.of(atSliceEnd, literal(text, from, to - 1, Position.AT_END));
    }

    private LiteralPattern literal(byte[] text, int first, int after, Position position) {
        return new LiteralPattern(text, sensitivity, first, after, position);
    }
}

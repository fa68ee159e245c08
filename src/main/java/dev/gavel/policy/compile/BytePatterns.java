package dev.gavel.policy.compile;

import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.LiteralPattern.Position;
import dev.gavel.policy.syntax.Operator;
import java.util.List;

/**
 * Says in literals what an operator asks of the bytes {@code from} … {@code to - 1} of a field; it sees only these, of
 * which a short field has fewer. {@code to} is {@link Integer#MAX_VALUE} for a slice without an end.
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

    /** The literals of which one is found where the field is in the operator's relation to {@code text}, which fits in. */
    List<LiteralPattern> of(byte[] text) {
        int behind = from + text.length; // of a text that stands at the slice's start
        return switch (operator.relation()) {
            case STARTS_WITH -> List.of(literal(text, from, behind, Position.ANYWHERE));
            case EQUAL -> List.of(literal(text, from, behind, behind == to ? Position.ANYWHERE : Position.AT_END));
            case ENDS_WITH -> ending(text);
            case CONTAINS, NOT_EMPTY -> List.of(literal(text, from, to, Position.ANYWHERE));
        };
    }

    /** At the slice's end, or in a field that ends within the slice at the field's. */
    private List<LiteralPattern> ending(byte[] text) {
        if (to == Integer.MAX_VALUE) {
            return List.of(literal(text, from, to, Position.AT_END));
        }
        LiteralPattern atSliceEnd = literal(text, to - text.length, to, Position.ANYWHERE);
        return text.length == to - from
                ? List.of(atSliceEnd)
                : List.of(atSliceEnd, literal(text, from, to - 1, Position.AT_END));
    }

    private LiteralPattern literal(byte[] text, int first, int behind, Position position) {
        return new LiteralPattern(text, sensitivity, first, behind, position);
    }
}

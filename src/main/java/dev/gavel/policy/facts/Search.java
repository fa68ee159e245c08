package dev.gavel.policy.facts;

import dev.gavel.match.pattern.Pattern;
import java.util.List;

/**
 * Patterns that one scan of the same bytes answers for.
 *
 * @param bytes the field that is scanned
 * @param from first byte of it
 * @param to first byte behind; {@link Integer#MAX_VALUE}: to its end
 */
public record Search(Field bytes, int from, int to, List<Pattern> patterns) {
    public Search {
        patterns = List.copyOf(patterns);
    }
}

package dev.gavel.policy.facts;

import dev.gavel.match.pattern.Pattern;
import java.util.List;

/**
 * A set of patterns that one scan searches for in the same bytes.
 *
 * @param bytes the field that is scanned
 * @param from index in the field of the first byte to scan
 * @param to index after the last byte to scan; {@link Integer#MAX_VALUE}: the end of the field
 */
public record Search(Field bytes, int from, int to, List<Pattern> patterns) {
    public Search {
        patterns = List.copyOf(patterns);
    }
}

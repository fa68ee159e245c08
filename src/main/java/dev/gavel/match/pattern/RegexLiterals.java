package dev.gavel.match.pattern;

import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.Optional;

/**
 * Finds the longest run of bytes that every match of an expression contains. The nodes of the expression report their
 * bytes in the order in which they match.
 */
final class RegexLiterals {
    private final ByteArrayOutputStream run = new ByteArrayOutputStream();
    private Case sensitivity = Case.SENSITIVE;
    private Optional<LiteralPattern> longest = Optional.empty();

    /** Reports that the next byte of every match is one of {@code set}. */
    void add(BitSet set) {
        int first = set.nextSetBit(0);
        boolean isLetter = set.cardinality() == 2 && set.get(first | 0x20) && isUpperCase(first);
        if (set.cardinality() == 1 || isLetter) {
            run.write(first);
            sensitivity = isLetter ? Case.INSENSITIVE : sensitivity;
        } else {
            cut();
        }
    }

    private static boolean isUpperCase(int b) {
        return b >= 'A' && b <= 'Z';
    }

    /** Ends the current run, because the bytes that follow are unknown. */
    void cut() {
        if (run.size() > longest.map(LiteralPattern::length).orElse(0)) {
            longest = Optional.of(new LiteralPattern(run.toByteArray(), sensitivity, 0, Integer.MAX_VALUE));
        }
        run.reset();
        sensitivity = Case.SENSITIVE;
    }

    Optional<LiteralPattern> longest() {
        cut();
        return longest;
    }
}

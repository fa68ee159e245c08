package dev.gavel.match.pattern;

import dev.gavel.match.pattern.RegexAssertion.Kind;
import java.util.BitSet;

/**
 * Sets of places that a match may have come to, to find expressions whose assertions contradict each other. A place is
 * what is before it (one of four classes) and what may be behind it (a set of them, which is not empty): 60 places, the
 * bits of a {@code long}.
 */
final class RegexPlaces {
    /** How many there are. */
    static final int COUNT = 60;

    private static final int EDGE = 0; // no byte: a text's begin or end
    private static final int LINE_FEED = 1;
    private static final int WORD = 2;
    private static final int OTHER = 3;
    private static final int CLASSES = 4;
    private static final int ANYTHING = (1 << CLASSES) - 1;

    private RegexPlaces() {}

    /** Everywhere. */
    static long all() {
        long places = 0;
        for (int before = 0; before < CLASSES; before++) {
            places |= place(before, ANYTHING);
        }
        return places;
    }

    /** @param behind a bit for each class, not 0 */
    private static long place(int before, int behind) {
        return 1L << (before * ANYTHING + behind - 1);
    }

    private static int before(int place) {
        return place / ANYTHING;
    }

    private static int behind(int place) {
        return place % ANYTHING + 1;
    }

    /** Those behind a byte of {@code set}. */
    static long behind(long places, BitSet set) {
        int possible = 0;
        for (long rest = places; rest != 0; rest &= rest - 1) {
            possible |= behind(Long.numberOfTrailingZeros(rest));
        }
        long passed = 0;
        for (int b = set.nextSetBit(0); b >= 0; b = set.nextSetBit(b + 1)) {
            int itsClass = classOf(b);
            passed |= (possible >> itsClass & 1) == 0 ? 0 : place(itsClass, ANYTHING);
        }
        return passed;
    }

    private static int classOf(int b) {
        if (b == '\n') {
            return LINE_FEED;
        }
        return RegexEscapes.isWord(b) ? WORD : OTHER;
    }

    /** Those of {@code kind}. */
    static long which(long places, Kind kind) {
        long kept = 0;
        for (long rest = places; rest != 0; rest &= rest - 1) {
            int place = Long.numberOfTrailingZeros(rest);
            int behind = behind(place) & behindAllowed(kind, before(place));
            kept |= behind == 0 ? 0 : place(before(place), behind);
        }
        return kept;
    }

    private static int behindAllowed(Kind kind, int before) {
        boolean isWordBoundary = kind == Kind.WORD_BOUNDARY;
        return switch (kind) {
            case TEXT_BEGIN -> before == EDGE ? ANYTHING : 0;
            case LINE_BEGIN -> before == EDGE || before == LINE_FEED ? ANYTHING : 0;
            case TEXT_END -> 1 << EDGE;
            case LINE_END -> 1 << EDGE | 1 << LINE_FEED;
            case WORD_BOUNDARY, NO_WORD_BOUNDARY -> (before == WORD) == isWordBoundary ? ~(1 << WORD) : 1 << WORD;
        };
    }
}

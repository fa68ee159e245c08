package dev.gavel.match.pattern;

import dev.gavel.match.pattern.RegexAssertion.Kind;
import java.util.BitSet;

/**
 * Sets of places that a match may have reached, used to find expressions whose assertions contradict each other. A
 * place is described by the class of the byte before it (one of four) and by the classes that the byte after it may
 * have (a set of those four, not empty). That makes 4 × 15 = 60 places; a set of them is a {@code long} with a bit for
 * each.
 */
final class RegexPlaces {
    /** Number of different places. */
    static final int COUNT = 60;

    private static final int EDGE = 0; // no byte: start or end of the text
    private static final int LINE_FEED = 1;
    private static final int WORD = 2;
    private static final int OTHER = 3;
    private static final int CLASSES = 4;
    private static final int ANYTHING = (1 << CLASSES) - 1;

    private RegexPlaces() {}

    /** The places where any class may stand before, and any class after. */
    static long all() {
        long places = 0;
        for (int before = 0; before < CLASSES; before++) {
            places |= place(before, ANYTHING);
        }
        return places;
    }

    /** @param after a bit for each class that the byte after the place may have, not 0 */
    private static long place(int before, int after) {
        return 1L << (before * ANYTHING + after - 1);
    }

    private static int before(int place) {
        return place / ANYTHING;
    }

    private static int behind(int place) {
        return place % ANYTHING + 1;
    }

    /** The places after one byte of {@code set} is consumed at one of {@code places}. */
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

    /**
     * The subset of {@code places} where an assertion of {@code kind} can hold, each narrowed to the bytes that it
     * allows next.
     */
    static long which(long places, Kind kind) {
        long kept = 0;
        for (long rest = places; rest != 0; rest &= rest - 1) {
            int place = Long.numberOfTrailingZeros(rest);
            int after = behind(place) & behindAllowed(kind, before(place));
            kept |= after == 0 ? 0 : place(before(place), after);
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

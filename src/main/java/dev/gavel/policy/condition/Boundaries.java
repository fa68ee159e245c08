package dev.gavel.policy.condition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of unsigned 128-bit numbers, stored as boundaries in ascending order: the first number of each range, and the
 * first number after that range. A number is in the set if an odd number of boundaries are less than or equal to it.
 * Immutable.
 *
 * <p>The space between the first and the last boundary is divided into slots of equal width, about as many as there are
 * boundaries. A lookup does a binary search among the boundaries in the number's slot only. These are few, unless most
 * boundaries fall into a few slots.
 */
final class Boundaries {
    private static final int MAX_SLOT_BITS = 20;

    private final long[] highs;
    private final long[] lows; // an empty array means that all are 0
    private final int[] starts; // by slot: index of the first boundary at or above its start; last entry: the count
    private final int shift; // slot = distance to the first boundary >>> shift

    private Boundaries(long[] highs, long[] lows) {
        this.highs = highs;
        this.lows = lows;
        int last = highs.length - 1;
        int slotBits = Math.min(MAX_SLOT_BITS, Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(last)));
        shift = last < 0 ? 0 : Math.max(0, distanceBits(last) - slotBits);
        starts = new int[last < 0 ? 1 : slot(highs[last], low(last)) + 2];
        int boundary = 0;
        for (int slot = 0; slot < starts.length; slot++) {
            while (boundary <= last && slot(highs[boundary], low(boundary)) < slot) {
                boundary++;
            }
            starts[slot] = boundary;
        }
    }

    private int distanceBits(int boundary) {
        long high = distanceHigh(highs[boundary], low(boundary));
        long low = low(boundary) - low(0);
        return high != 0 ? 2 * Long.SIZE - Long.numberOfLeadingZeros(high) : Long.SIZE - Long.numberOfLeadingZeros(low);
    }

    private long low(int boundary) {
        return lows.length == 0 ? 0 : lows[boundary];
    }

    /** The upper 64 bits of the distance from the first boundary to a number, which must not be below it. */
    private long distanceHigh(long high, long low) {
        return high - highs[0] - (Long.compareUnsigned(low, low(0)) < 0 ? 1 : 0);
    }

    private int slot(long high, long low) {
        long distanceHigh = distanceHigh(high, low);
        long distanceLow = low - low(0);
        if (shift >= Long.SIZE) {
            return (int) (distanceHigh >>> (shift - Long.SIZE));
        }
        return (int) (shift == 0 ? distanceLow : distanceHigh << (Long.SIZE - shift) | distanceLow >>> shift);
    }

    /** The number of ranges: disjoint, in ascending order, with at least one number between any two. */
    int ranges() {
        return (highs.length + 1) / 2;
    }

    /** The upper 64 bits of a range's first number. */
    long firstHigh(int range) {
        return highs[2 * range];
    }

    /** The lower 64 bits of a range's first number. */
    long firstLow(int range) {
        return low(2 * range);
    }

    /** The upper 64 bits of a range's last number. */
    long lastHigh(int range) {
        int end = 2 * range + 1;
        return end == highs.length ? -1 : highs[end] - (low(end) == 0 ? 1 : 0);
    }

    /** The lower 64 bits of a range's last number. */
    long lastLow(int range) {
        int end = 2 * range + 1;
        return end == highs.length ? -1 : low(end) - 1;
    }

    /** Whether the number with these upper and lower 64 bits is in the set. */
    boolean encloses(long high, long low) {
        int last = highs.length - 1;
        if (last < 0 || isAbove(0, high, low)) {
            return false;
        }
        if (!isAbove(last, high, low)) {
            return (last & 1) == 0;
        }
        int slot = slot(high, low);
        int from = starts[slot]; // all boundaries before this index are at or below the number
        int to = starts[slot + 1]; // all boundaries from this index on are above it
        while (from < to) {
            int middle = (from + to) >>> 1;
            boolean above = isAbove(middle, high, low);
            from = above ? from : middle + 1;
            to = above ? middle : to;
        }
        return (from & 1) == 1;
    }

    private boolean isAbove(int boundary, long high, long low) {
        int byHigh = Long.compareUnsigned(highs[boundary], high);
        return byHigh > 0 || (byHigh == 0 && Long.compareUnsigned(low(boundary), low) > 0);
    }

    /** Builds a set from ranges, which may overlap and come in any order. */
    static final class Builder {
        /** Four numbers for each range: upper and lower 64 bits of its first number, then of its last. */
        private final List<long[]> ranges = new ArrayList<>();

        void add(long firstHigh, long firstLow, long lastHigh, long lastLow) {
            ranges.add(new long[] {firstHigh, firstLow, lastHigh, lastLow});
        }

        Boundaries build() {
            ranges.sort((a, b) -> compare(a[0], a[1], b[0], b[1]));
            int merged = 0;
            for (long[] range : ranges) {
                long[] before = merged == 0 ? range : ranges.get(merged - 1);
                if (merged == 0 || startsAfter(before, range)) {
                    ranges.set(merged++, range);
                } else if (compare(range[2], range[3], before[2], before[3]) > 0) {
                    before[2] = range[2];
                    before[3] = range[3];
                }
            }
            return boundaries(ranges.subList(0, merged));
        }

        private static int compare(long highA, long lowA, long highB, long lowB) {
            int byHigh = Long.compareUnsigned(highA, highB);
            return byHigh == 0 ? Long.compareUnsigned(lowA, lowB) : byHigh;
        }

        /** Whether there is a number between {@code before} and {@code range}; {@code range} must not begin earlier. */
        private static boolean startsAfter(long[] before, long[] range) {
            long nextLow = before[3] + 1;
            long nextHigh = before[2] + (nextLow == 0 ? 1 : 0);
            boolean endsAtTheHighest = (nextHigh | nextLow) == 0;
            return !endsAtTheHighest && compare(range[0], range[1], nextHigh, nextLow) > 0;
        }

        private static Boundaries boundaries(List<long[]> ranges) {
            long[] highs = new long[2 * ranges.size()];
            long[] lows = new long[2 * ranges.size()];
            int count = 0;
            long anyLow = 0;
            for (long[] range : ranges) {
                highs[count] = range[0];
                lows[count] = range[1];
                anyLow |= range[1];
                lows[count + 1] = range[3] + 1;
                highs[count + 1] = range[2] + (lows[count + 1] == 0 ? 1 : 0);
                anyLow |= lows[count + 1];
                count += 2;
            }
            if (count > 0 && (highs[count - 1] | lows[count - 1]) == 0) {
                count--; // the range ends at the highest number, so it has no boundary after it
            }
            return new Boundaries(Arrays.copyOf(highs, count), anyLow == 0 ? new long[0] : Arrays.copyOf(lows, count));
        }
    }
}

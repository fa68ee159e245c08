package dev.gavel.policy.condition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of non-negative numbers, kept as ascending disjoint ranges. Immutable. */
public final class NumberRanges {
    /** Numbers from {@code first} to {@code last}, both included. */
    public record Range(long first, long last) {}

    private static final Comparator<Range> BY_FIRST = Comparator.comparingLong(Range::first);

    private final long[] firsts;
    private final long[] lasts;

    public NumberRanges(List<Range> ranges) {
        List<Range> ascending = new ArrayList<>(ranges);
        ascending.sort(BY_FIRST);
        List<Range> merged = new ArrayList<>(ranges.size());
        for (Range range : ascending) {
            Range before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && range.first() <= before.last()) {
                merged.set(merged.size() - 1, new Range(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        firsts = new long[merged.size()];
        lasts = new long[merged.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = merged.get(i).first();
            lasts[i] = merged.get(i).last();
        }
    }

    public static NumberRanges of(long first, long last) {
        return new NumberRanges(List.of(new Range(first, last)));
    }

    /** The number of ranges. */
    public int size() {
        return firsts.length;
    }

    /** The ranges, in ascending order. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < firsts.length; i++) {
            ranges.add(new Range(firsts[i], lasts[i]));
        }
        return ranges;
    }

    boolean contains(long number) {
        int low = 0;
        int high = firsts.length; // low..high contains the index of the first range that begins after the number
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (firsts[middle] <= number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && number <= lasts[low - 1];
    }
}

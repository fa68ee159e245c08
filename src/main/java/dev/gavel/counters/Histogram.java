package dev.gavel.counters;

import java.util.Arrays;

/**
 * Counts values in buckets with fixed upper bounds, like Prometheus' classic histogram. One thread at a time records,
 * without a lock. The owner keeps the histogram private and exposes it as a {@link Distribution}.
 */
public final class Histogram implements Distribution {
    private static final long[] STEPS = {1, 2, 5};

    private final long[] bounds;
    private final Counter[] counts;
    private final Counter sum = new Counter();

    /**
     * A histogram with ascending, inclusive upper {@code bounds}; one more bucket counts values above the last bound.
     */
    public Histogram(long... bounds) {
        this.bounds = bounds.clone();
        for (int i = 1; i < bounds.length; i++) {
            if (bounds[i - 1] >= bounds[i]) {
                throw new IllegalArgumentException("bounds " + Arrays.toString(bounds) + " (expected: ascending)");
            }
        }
        counts = new Counter[bounds.length + 1];
        Arrays.setAll(counts, i -> new Counter());
    }

    /** A histogram of times in nanoseconds, with bounds from 1 microsecond to 1 second in steps of 1, 2 and 5. */
    public static Histogram ofTimes() {
        long[] bounds = new long[19];
        long decade = 1_000;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = decade * STEPS[i % STEPS.length];
            decade = i % STEPS.length == STEPS.length - 1 ? decade * 10 : decade;
        }
        return new Histogram(bounds);
    }

    /** Counts one {@code value}. Owner thread only. */
    public void record(long value) {
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bounds[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        counts[low].increment();
        sum.add(value);
    }

    @Override
    public long[] bounds() {
        return bounds.clone();
    }

    @Override
    public long count(int index) {
        return counts[index].value();
    }

    @Override
    public long sum() {
        return sum.value();
    }
}

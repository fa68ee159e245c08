package dev.gavel.counters;

/** The reading side of a {@link Histogram}: what its owner shows to others, who cannot record. Any thread reads. */
public sealed interface Distribution permits Histogram {
    /** Inclusive upper bounds of the buckets, ascending, without the bucket above the last bound. A copy. */
    long[] bounds();

    /** Values in bucket {@code index}, not cumulative; bucket {@code bounds().length} is above the last bound. */
    long count(int index);

    /** Sum of all recorded values, in their unit. */
    long sum();
}

package dev.gavel.counters;

/** The reading side of a {@link Histogram}: what its owner shows to others, who cannot record. Any thread may read. */
public sealed interface Distribution permits Histogram {
    /** Inclusive upper bounds of the buckets, ascending, without the bucket above the last bound. The caller's copy. */
    long[] bounds();

    /** Count of bucket {@code index}, not cumulative; index {@code bounds().length} is what lies above the last bound. */
    long count(int index);

    /** Sum of all recorded values, in their unit. */
    long sum();
}

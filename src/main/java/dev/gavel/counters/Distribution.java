package dev.gavel.counters;

/** The read-only view of a {@link Histogram}, for code outside its owner. Any thread may read it. */
public sealed interface Distribution permits Histogram {
    /**
     * A copy of the inclusive upper bounds of the buckets, ascending. One more bucket, above the last bound, has no
     * entry.
     */
    long[] bounds();

    /**
     * Number of values in bucket {@code index} alone; bucket {@code bounds().length} holds values above the last bound.
     */
    long count(int index);

    /** Sum of all recorded values, in the unit in which they were recorded. */
    long sum();
}

package dev.gavel.counters;

/** The read-only view of a {@link Counter}, for code outside its owner. Any thread may read it. */
public sealed interface Count permits Counter {
    /** The count so far. */
    long value();
}

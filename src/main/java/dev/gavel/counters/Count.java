package dev.gavel.counters;

/** The reading side of a {@link Counter}: what its owner shows to others, who cannot raise it. Any thread may read. */
public sealed interface Count permits Counter {
    /** The count so far. */
    long value();
}

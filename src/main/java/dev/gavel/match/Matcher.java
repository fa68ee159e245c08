package dev.gavel.match;

/**
 * A compiled list of patterns, numbered from 0 in the order they were given. Immutable: any thread may use it.
 * {@link #close} frees it, and must be called only once none of its scanners is in use.
 */
public interface Matcher extends AutoCloseable {
    /** Number of patterns; the {@link Hits} given to its scanners must be for as many. */
    int patterns();

    /** A new scanner for the calling thread. */
    Scanner scanner();

    @Override
    void close();
}

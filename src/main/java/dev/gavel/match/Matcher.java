package dev.gavel.match;

/**
 * A compiled list of patterns, numbered from 0 in the order they were given. Immutable: any thread may use it.
 * {@link #close} frees it, and must be called only once none of its scanners is in use.
 */
public interface Matcher extends AutoCloseable {
    /** Number of patterns; a scanner needs {@link Hits} for exactly this number. */
    int patterns();

    /** Makes a scanner, which only the calling thread may use. */
    Scanner scanner();

    @Override
    void close();
}

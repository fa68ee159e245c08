package dev.gavel.match;

/** A compiled list of patterns, numbered from 0 in the order they were given. Immutable: any thread may use it. {@link #close} frees it, when
 * none of its scanners is in use any more. */
public interface Matcher extends AutoCloseable {
    /** How many patterns there are: what {@link Hits} must be made for. */
    int patterns();

    /** A new scanner for the calling thread. */
    Scanner scanner();

    @Override
    void close();
}

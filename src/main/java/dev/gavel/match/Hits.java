package dev.gavel.match;

import java.util.Objects;

/** The set of patterns found, out of a fixed number. Belongs to the thread that scans. */
public final class Hits {
    private final long[] bits;
    private final int[] found; // so that clear() takes time proportional to the hits, not to the patterns
    private int size;

    /** An empty set for patterns 0 … {@code patterns - 1}. */
    public Hits(int patterns) {
        if (patterns < 0) {
            throw new IllegalArgumentException("hits for " + patterns + " patterns (expected: at least 0)");
        }
        bits = new long[(patterns + Long.SIZE - 1) / Long.SIZE];
        found = new int[patterns];
    }

    /** Number of patterns that this set is for. */
    public int patterns() {
        return found.length;
    }

    /**
     * Precondition check for scanners.
     *
     * @throws IllegalArgumentException unless this set is for {@code expected} patterns
     */
    void checkFor(int expected) {
        if (patterns() != expected) {
            throw new IllegalArgumentException("hits for " + patterns() + " patterns (expected: " + expected + ")");
        }
    }

    /** Number of patterns in this set. */
    public int size() {
        return size;
    }

    /** The pattern that was added at {@code index}, from 0 to {@link #size} - 1 in the order of adding. */
    public int found(int index) {
        Objects.checkIndex(index, size);
        return found[index];
    }

    /** Whether every pattern is in this set. */
    public boolean isFull() {
        return size == found.length;
    }

    /** Whether {@code pattern} was found. */
    public boolean contains(int pattern) {
        Objects.checkIndex(pattern, found.length);
        return (bits[pattern / Long.SIZE] & 1L << pattern) != 0;
    }

    /** Adds {@code pattern}; has no effect if it is in this set already. */
    public void add(int pattern) {
        if (!contains(pattern)) {
            bits[pattern / Long.SIZE] |= 1L << pattern;
            found[size++] = pattern;
        }
    }

    /** Empties this set. */
    public void clear() {
        for (int i = 0; i < size; i++) {
            bits[found[i] / Long.SIZE] = 0;
        }
        size = 0;
    }
}

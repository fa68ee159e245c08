package dev.gavel.match;

import java.util.Objects;

/** Which of a fixed number of patterns were found. Belongs to the thread that scans. */
public final class Hits {
    private final long[] bits;
    private final int[] found; // so that clearing costs as much as was found, not as much as there could be
    private int size;

    /** An empty set for patterns 0 … {@code patterns - 1}. */
    public Hits(int patterns) {
        if (patterns < 0) {
            throw new IllegalArgumentException("hits for " + patterns + " patterns (expected: at least 0)");
        }
        bits = new long[(patterns + Long.SIZE - 1) / Long.SIZE];
        found = new int[patterns];
    }

    /** Patterns that can be in this set. */
    public int patterns() {
        return found.length;
    }

    /**
     * For who adds to this set.
     *
     * @throws IllegalArgumentException unless it is for {@code expected} patterns
     */
    void checkFor(int expected) {
        if (patterns() != expected) {
            throw new IllegalArgumentException("hits for " + patterns() + " patterns (expected: " + expected + ")");
        }
    }

    /** Patterns that are in this set. */
    public int size() {
        return size;
    }

    /** A pattern in this set, {@code index} from 0 to {@link #size} - 1, in the order they were added. */
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

    /** Adds {@code pattern}; again is as good as once. */
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

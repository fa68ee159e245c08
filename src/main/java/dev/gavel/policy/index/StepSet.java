package dev.gavel.policy.index;

import java.util.Arrays;

/**
 * A bit set of small numbers. A second level has one bit for each word, so that iterating and clearing skip empty
 * words.
 */
public final class StepSet {
    private final long[] words;
    private final long[] used; // second level: one bit for each word, set if the word is not 0

    /** An empty set for numbers 0 … {@code size - 1}. */
    public StepSet(int size) {
        words = new long[(size + Long.SIZE - 1) / Long.SIZE];
        used = new long[(words.length + Long.SIZE - 1) / Long.SIZE];
    }

    /** Whether this set and {@code other} have the same number of words. */
    boolean fits(StepSet other) {
        return words.length == other.words.length;
    }

    /** Adds {@code number}; returns false if the set contained it already. */
    public boolean add(int number) {
        int word = number / Long.SIZE;
        long before = words[word];
        words[word] = before | 1L << number;
        used[word / Long.SIZE] |= 1L << word;
        return words[word] != before;
    }

    /** Adds all of {@code numbers}. */
    void addAll(int[] numbers) {
        for (int number : numbers) {
            add(number);
        }
    }

    /**
     * The lowest number, at least {@code from}, in this set or in {@code other}; -1 if there is none. {@code other}
     * must fit, see {@link #fits}.
     */
    int next(int from, StepSet other) {
        int word = from / Long.SIZE;
        if (word >= words.length) {
            return -1;
        }
        long bits = (words[word] | other.words[word]) & -1L << from;
        if (bits == 0) {
            word = nextUsed(word + 1, other);
            if (word < 0) {
                return -1;
            }
            bits = words[word] | other.words[word];
        }
        return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
    }

    private int nextUsed(int from, StepSet other) {
        int group = from / Long.SIZE;
        long mask = -1L << from;
        for (; group < used.length; group++) {
            long bits = (used[group] | other.used[group]) & mask;
            if (bits != 0) {
                return group * Long.SIZE + Long.numberOfTrailingZeros(bits);
            }
            mask = -1L;
        }
        return -1;
    }

    void clear() {
        for (int group = 0; group < used.length; group++) {
            for (long bits = used[group]; bits != 0; bits &= bits - 1) {
                words[group * Long.SIZE + Long.numberOfTrailingZeros(bits)] = 0;
            }
        }
        Arrays.fill(used, 0);
    }
}

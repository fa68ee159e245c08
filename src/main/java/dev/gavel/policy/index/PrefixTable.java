package dev.gavel.policy.index;

import java.util.List;
import java.util.Map;

/**
 * Finds the steps filed under a prefix of a value. Needs one lookup for each distinct prefix length, however many
 * prefixes there are. A hash table with open addressing. Immutable.
 */
final class PrefixTable {
    private static final long MIXER = 0x9e3779b97f4a7c15L; // 2^64 / golden ratio

    private final long[] highMasks; // by index of a prefix length
    private final long[] lowMasks;
    private final long[] highs; // by slot
    private final long[] lows;
    private final byte[] lengths; // by slot: 1 + the index of the prefix length in the masks; 0: empty
    private final int[][] steps;

    /**
     * Builds the table from prefixes and the steps filed under each. All prefixes must have the same {@link
     * Prefix#bits}.
     */
    PrefixTable(Map<Prefix, int[]> stepsOf) {
        List<Integer> used = stepsOf.keySet().stream()
                .map(Prefix::length)
                .distinct()
                .sorted()
                .toList();
        int bits = stepsOf.keySet().iterator().next().bits();
        highMasks = used.stream()
                .mapToLong(length -> ~Prefix.highOnes(bits - length))
                .toArray();
        lowMasks =
                used.stream().mapToLong(length -> ~Prefix.ones(bits - length)).toArray();
        int slots = Integer.highestOneBit(Math.max(1, stepsOf.size())) * 4;
        highs = new long[slots];
        lows = new long[slots];
        lengths = new byte[slots];
        steps = new int[slots][];
        stepsOf.forEach((prefix, wanting) -> {
            byte length = (byte) (used.indexOf(prefix.length()) + 1);
            int slot = slot(prefix.high(), prefix.low(), length);
            highs[slot] = prefix.high();
            lows[slot] = prefix.low();
            lengths[slot] = length;
            steps[slot] = wanting;
        });
    }

    /** Adds the steps filed under a prefix of this value. */
    void find(long high, long low, StepSet into) {
        for (int i = 0; i < lowMasks.length; i++) {
            int slot = slot(high & highMasks[i], low & lowMasks[i], (byte) (i + 1));
            if (lengths[slot] != 0) {
                into.addAll(steps[slot]);
            }
        }
    }

    /** The slot of this prefix, or the empty slot where it would be. */
    private int slot(long high, long low, byte length) {
        long hash = ((high * MIXER ^ low) + length) * MIXER;
        int slot = (int) (hash >>> 32) & lows.length - 1;
        while (lengths[slot] != 0 && !(lows[slot] == low && highs[slot] == high && lengths[slot] == length)) {
            slot = slot + 1 & lows.length - 1;
        }
        return slot;
    }
}

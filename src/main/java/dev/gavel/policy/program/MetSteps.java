package dev.gavel.policy.program;

import java.util.Arrays;

/**
 * Steps that a packet has matched, in order of evaluation. Belongs to the judging thread, which reuses it for every
 * packet.
 */
final class MetSteps {
    private Step[] steps = new Step[8];
    private int count;

    void clear() {
        count = 0;
    }

    void add(Step step) {
        if (count == steps.length) {
            steps = Arrays.copyOf(steps, 2 * count); // rare: only if a packet matches more steps than any before
        }
        steps[count++] = step;
    }

    int count() {
        return count;
    }

    Step step(int index) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("index " + index + " (expected: below " + count + ")");
        }
        return steps[index];
    }
}

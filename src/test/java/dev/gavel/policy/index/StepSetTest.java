package dev.gavel.policy.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StepSetTest {
    @Test
    void walksBothSetsInOrder() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            int size = 1 + random.nextInt(random.nextBoolean() ? 200 : 20_000);
            StepSet set = new StepSet(size);
            StepSet other = new StepSet(size);
            fill(set, size, random); // cleared: nothing of it may be left
            set.clear();
            Set<Integer> expected = new TreeSet<>(fill(set, size, random));
            expected.addAll(fill(other, size, random));
            assertThat(walked(set, other)).as("seed %d, size %d", seed, size).containsExactlyElementsOf(expected);
        }
    }

    private static Set<Integer> fill(StepSet set, int size, Random random) {
        Set<Integer> added = new HashSet<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            int number = random.nextInt(4) == 0 ? size - 1 : random.nextInt(size);
            assertThat(set.add(number)).isEqualTo(added.add(number));
        }
        return added;
    }

    private static List<Integer> walked(StepSet set, StepSet other) {
        List<Integer> walked = new ArrayList<>();
        for (int at = set.next(0, other); at >= 0; at = set.next(at + 1, other)) {
            walked.add(at);
        }
        return walked;
    }

    @Test
    void hasNothingWithoutRoom() {
        assertThat(new StepSet(0).next(0, new StepSet(0))).isEqualTo(-1);
        assertThat(new StepSet(64).next(64, new StepSet(64))).isEqualTo(-1);
    }
}

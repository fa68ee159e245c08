package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the guardian counts as time that has passed, with a deadline of 100 ms and so a tick of 5. */
class GuardianTest {
    private static final long MS = 1_000_000;

    private final Guardian guardian = new Guardian(null, 100 * MS, List.of(), List.of());
    private long now = System.nanoTime() + 5 * MS;

    private long stoodStill(long turnMs) {
        now += turnMs * MS;
        return (now - guardian.counted(now)) / MS;
    }

    @Test
    void countsAllTimeWhileItComesInTime() {
        guardian.counted(now);
        assertThat(stoodStill(5)).isZero();
        assertThat(stoodStill(24)).as("late, but not so late").isZero();
    }

    @Test
    void leavesStandStillsOutAsLongAsPacketsFromBeforeMayWait() {
        guardian.counted(now);
        assertThat(stoodStill(255)).isEqualTo(250);
        assertThat(stoodStill(5)).isEqualTo(250);
        assertThat(stoodStill(55)).as("a second one").isEqualTo(300);
        for (int i = 0; i < 20; i++) {
            assertThat(stoodStill(5)).isEqualTo(300);
        }
        assertThat(stoodStill(5)).as("a deadline later").isZero();
    }
}

package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.kit.Seeds;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final int CAPACITY = 4;

    private final Lane lane = new Lane(CAPACITY);
    private final QueuedPacket[] slots = new QueuedPacket[8];

    LaneTest() {
        Arrays.setAll(slots, i -> new QueuedPacket(Unpooled.EMPTY_BUFFER, 0, 0).reset(0, i, 100 + i));
    }

    @Test
    void showsNothingBeforeItIsPublished() {
        assertThat(lane.offer(slots[0])).isTrue();
        assertThat(lane.next()).isNull();
        assertThat(lane.held()).isZero();
        assertThat(lane.publish()).isTrue();
        assertThat(lane.next()).isSameAs(slots[0]);
        assertThat(lane.held()).isEqualTo(1);
        assertThat(lane.publish()).as("nothing new").isFalse();
    }

    @Test
    void isFullUntilASlotIsReclaimed() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(lane.offer(slots[i])).isTrue();
        }
        assertThat(lane.offer(slots[4])).isFalse();
        lane.publish();
        lane.next();
        lane.advance();
        lane.release();
        assertThat(lane.offer(slots[4]))
                .as("released, but its slot would be lost")
                .isFalse();
        assertThat(lane.reclaim()).isSameAs(slots[0]);
        assertThat(lane.offer(slots[4])).isTrue();
    }

    @Test
    void givesASlotBackOnlyWhenItsVerdictIsSent() {
        lane.offer(slots[0]);
        lane.offer(slots[1]);
        lane.publish();
        lane.next();
        lane.advance();
        assertThat(lane.reclaim()).isNull();
        assertThat(lane.unsent()).isEqualTo(1);
        assertThat(lane.judgedAt(0)).isSameAs(slots[0]);
        lane.release();
        assertThat(lane.unsent()).isZero();
        assertThat(lane.reclaim()).isSameAs(slots[0]);
        assertThat(lane.reclaim()).as("the second is not judged").isNull();
    }

    @Test
    void tellsTheAgeOfTheOldestHeldPacket() {
        assertThat(lane.oldestAgeNs(1000)).isZero();
        lane.offer(slots[0]);
        lane.offer(slots[1]);
        lane.publish();
        assertThat(lane.oldestAgeNs(1000)).isEqualTo(900);
        lane.advance();
        lane.release();
        assertThat(lane.oldestAgeNs(1000)).isEqualTo(899);
    }

    @Test
    void refusesACapacityThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> new Lane(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3");
    }

    /** Random steps of both sides against a plain queue: every slot comes back once, in order. */
    @Test
    void keepsOrderAndLosesNoSlotOverManyRounds() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        Queue<QueuedPacket> free = new ArrayDeque<>(Arrays.asList(slots));
        Queue<QueuedPacket> model = new ArrayDeque<>();
        for (int step = 0; step < 100_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (!free.isEmpty() && lane.offer(free.peek())) {
                        model.add(free.remove());
                    }
                }
                case 1 -> lane.publish();
                case 2 -> {
                    if (lane.next() != null) {
                        lane.advance();
                    }
                    if (random.nextBoolean()) {
                        lane.release();
                    }
                }
                default -> {
                    QueuedPacket back = lane.reclaim();
                    if (back != null) {
                        assertThat(back).as("seed %d, step %d", seed, step).isSameAs(model.remove());
                        free.add(back);
                    }
                }
            }
            assertThat(free.size() + model.size()).isEqualTo(slots.length);
        }
    }
}

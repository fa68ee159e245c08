package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import dev.gavel.packet.FlowHash;
import dev.gavel.queue.QueuedPacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a slot is: free, offered, received, placed, and free again. */
class BatchTest {
    private static final int SLOTS = 100;

    private final Batch batch = new Batch(SLOTS, new FlowHash(1, 2));

    @AfterEach
    void givesItsMemoryBack() {
        batch.release();
    }

    /** The first {@code count} of those offered. */
    private List<QueuedPacket> packets(int count) {
        return List.of(batch.packets()).subList(0, count);
    }

    private void placeAll() {
        while (batch.hasNext()) {
            batch.place();
        }
    }

    @Test
    void offersAsManyAsABatchMayHave() {
        assertThat(batch.offer()).isEqualTo(Batch.CAPACITY);
        batch.receive(Batch.CAPACITY);
        placeAll();
        assertThat(batch.offer()).isEqualTo(SLOTS - Batch.CAPACITY);
        batch.receive(SLOTS - Batch.CAPACITY);
        placeAll();
        assertThat(batch.hasFree()).isFalse();
        assertThat(batch.offer()).isZero();
    }

    @Test
    void slotsStayFreeUntilTheyHoldAPacket() {
        int offered = batch.offer();
        assertThat(batch.free()).hasSize(SLOTS).containsAll(packets(offered));
        batch.receive(2);
        assertThat(batch.free()).hasSize(SLOTS - 2).doesNotContainAnyElementsOf(packets(2));
    }

    @Test
    void aSourceThatIsEmptyOrHasEndedTakesNothing() {
        for (int nothing : new int[] {0, -1}) {
            batch.offer();
            batch.receive(nothing);
            assertThat(batch.received()).isZero();
            assertThat(batch.hasNext()).isFalse();
            assertThat(batch.free()).hasSize(SLOTS).doesNotHaveDuplicates();
        }
    }

    /** A source fills another slot if what came to the first was no packet. */
    @Test
    void losesNoSlotIfTheSourceChangesTheirOrder() {
        batch.offer();
        QueuedPacket first = batch.packets()[0];
        batch.packets()[0] = batch.packets()[1];
        batch.packets()[1] = first;
        batch.receive(1);
        assertThat(batch.free()).hasSize(SLOTS - 1).doesNotHaveDuplicates().contains(first);
    }

    @Test
    void placesPacketsInTheOrderInWhichTheyCame() {
        batch.offer();
        batch.receive(3);
        List<QueuedPacket> received = List.copyOf(packets(3));
        List<QueuedPacket> placed = new ArrayList<>();
        while (batch.hasNext()) {
            assertThat(batch.placed()).isEqualTo(placed.size());
            placed.add(batch.next());
            batch.place();
        }
        assertThat(placed).isEqualTo(received);
        assertThat(batch.free()).hasSize(SLOTS - 3);
    }

    @Test
    void whatIsAnsweredAtOnceIsFreeAgain() {
        batch.offer();
        batch.receive(2);
        QueuedPacket first = batch.next();
        batch.giveBackNext();
        assertThat(batch.free()).hasSize(SLOTS - 1).endsWith(first);
        assertThat(batch.hasNext()).isTrue();
        assertThat(batch.next()).isNotSameAs(first);
    }

    @Test
    void offersTheSlotUsedLastFirst() {
        batch.offer();
        batch.receive(3);
        QueuedPacket last = batch.packets()[1];
        placeAll();
        batch.giveBack(last);
        batch.offer();
        assertThat(batch.packets()[0]).isSameAs(last);
    }

    /** As a reader does, at random. */
    @Test
    void everySlotIsInOnePlace() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        Deque<QueuedPacket> lane = new ArrayDeque<>();
        for (int turn = 0; turn < 10_000; turn++) {
            int offered = batch.offer();
            batch.receive(random.nextInt(offered + 2) - 1);
            while (batch.hasNext()) {
                if (random.nextInt(4) == 0) {
                    batch.giveBackNext();
                } else {
                    lane.add(batch.next());
                    batch.place();
                }
                for (int i = random.nextInt(3); i > 0 && !lane.isEmpty(); i--) {
                    batch.giveBack(lane.remove());
                }
            }
            List<QueuedPacket> all = new ArrayList<>(lane);
            all.addAll(batch.free());
            assertThat(all).as("seed " + seed).hasSize(SLOTS).doesNotHaveDuplicates();
        }
    }
}

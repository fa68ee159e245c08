package dev.gavel.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PacketSource} keeps to, whether it brings packets of the kernel or of a file. */
public abstract class PacketSourceContract {
    /** Longer than any packet here with all that a source may write before it. */
    private static final int WIDE = 4096;
    /** Too short for any of them, long enough for what comes before it. */
    private static final int NARROW = 150;

    private static final int MARGIN = 256;
    private static final byte CANARY = 0x5a;
    private static final int COUNT = 10;

    private PacketSource source;
    private ByteBuf memory;

    /**
     * Opens a source that brings packets as long as these, in bytes from the IP header on, in this order, then none.
     */
    protected abstract PacketSource open(int... lengths) throws Exception;

    /** Has one more packet come, where packets come from outside. */
    protected abstract void bringAnother() throws Exception;

    /** Whether packets wait in a source for us to receive them; else it takes each in when it is asked for the next. */
    protected abstract boolean holdsWhatWaits();

    /** What a receive says when there is nothing: 0 or {@link PacketSource#END}. */
    protected abstract int nothing();

    @BeforeEach
    void openSource() throws Exception {
        source = open(lengths());
    }

    @AfterEach
    void close() {
        source.close();
        if (memory != null) {
            memory.release();
        }
    }

    /** All different, some odd. */
    private static int[] lengths() {
        int[] lengths = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            lengths[i] = 200 + i * 101;
        }
        return lengths;
    }

    /** New slots, each between margins. */
    private QueuedPacket[] slots(int count, int length) {
        int pitch = MARGIN + length;
        memory = Unpooled.directBuffer(count * pitch + MARGIN);
        for (int i = 0; i < memory.capacity(); i++) {
            memory.setByte(i, CANARY);
        }
        QueuedPacket[] slots = new QueuedPacket[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new QueuedPacket(memory, MARGIN + i * pitch, length);
        }
        return slots;
    }

    private void expectUntouched(int from, int length) {
        for (int i = from; i < from + length; i++) {
            assertThat(memory.getByte(i)).as("byte %d of the memory", i).isEqualTo(CANARY);
        }
    }

    /** What one received packet was, once its slot is used again. */
    private record Received(int id, int captured, int original) {}

    /** Receives until there is nothing, {@code count} packets at a time at most. */
    private List<Received> receiveAll(QueuedPacket[] slots, int count) {
        List<Received> all = new ArrayList<>();
        int received = source.receive(slots, count);
        while (received > 0) {
            assertThat(received).isLessThanOrEqualTo(count);
            for (int i = 0; i < received; i++) {
                all.add(new Received(slots[i].packetId(), slots[i].capturedLength(), slots[i].originalLength()));
            }
            received = source.receive(slots, count);
        }
        assertThat(received).isEqualTo(nothing());
        return all;
    }

    @Test
    void bringsEveryPacketWholeAndInOrder() {
        List<Received> all = receiveAll(slots(4, WIDE), 4);
        assertThat(all).extracting(Received::original).containsExactly(boxed(lengths()));
        assertThat(all).allSatisfy(packet -> assertThat(packet.captured()).isEqualTo(packet.original()));
    }

    private static Integer[] boxed(int... values) {
        Integer[] boxed = new Integer[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    @Test
    void numbersPacketsUpwards() {
        List<Integer> ids =
                receiveAll(slots(3, WIDE), 3).stream().map(Received::id).toList();
        assertThat(ids).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void writesOnlyIntoTheSlots() {
        for (int length : new int[] {WIDE, NARROW}) {
            QueuedPacket[] slots = slots(4, length);
            source.receive(slots, 2);
            source.receive(slots, 2);
            for (int at = 0; at < memory.capacity(); at += MARGIN + length) {
                expectUntouched(at, MARGIN);
            }
            memory.release();
        }
        memory = null;
    }

    @Test
    void pointsIntoTheSlots() {
        for (int length : new int[] {WIDE, NARROW}) {
            QueuedPacket[] slots = slots(4, length);
            int received = source.receive(slots, 4);
            assertThat(received).isPositive();
            for (int i = 0; i < received; i++) {
                int start = slots[i].offset() - slots[i].slotOffset();
                assertThat(start).isBetween(0, length);
                assertThat(slots[i].capturedLength()).isBetween(0, length - start);
                assertThat(memory.getUnsignedByte(slots[i].offset()) >>> 4)
                        .as("IP version")
                        .isIn(4, 6);
            }
            memory.release();
        }
        memory = null;
    }

    @Test
    void tellsTheLengthOfPacketsThatItCuts() {
        List<Received> all = receiveAll(slots(2, NARROW), 2);
        assertThat(all).extracting(Received::original).containsExactly(boxed(lengths()));
        assertThat(all).allSatisfy(packet -> assertThat(packet.captured()).isBetween(1, NARROW));
    }

    @Test
    void leavesTheSlotsBeyondTheCountAlone() {
        QueuedPacket[] slots = slots(6, WIDE);
        QueuedPacket[] before = slots.clone();
        for (QueuedPacket slot : slots) {
            slot.reset(1, -7, 0);
        }
        assertThat(source.receive(slots, 2)).isBetween(1, 2);
        for (int i = 2; i < slots.length; i++) {
            assertThat(slots[i]).isSameAs(before[i]);
            assertThat(slots[i].packetId()).isEqualTo(-7);
            expectUntouched(slots[i].slotOffset(), slots[i].slotLength());
        }
    }

    @Test
    void keepsTheSlotsItWasGiven() {
        QueuedPacket[] slots = slots(4, WIDE);
        QueuedPacket[] before = slots.clone();
        receiveAll(slots, 4);
        assertThat(slots).containsExactlyInAnyOrder(before);
    }

    @Test
    void saysAgainThatThereIsNothing() {
        QueuedPacket[] slots = slots(2, WIDE);
        receiveAll(slots, 2);
        assertThat(source.receive(slots, 2)).isEqualTo(nothing());
        assertThat(source.receive(slots, 1)).isEqualTo(nothing());
    }

    @Test
    void takesAsManyVerdictsAsASinkHolds() {
        List<Received> all = receiveAll(slots(4, WIDE), 4);
        VerdictSink sink = source.verdicts();
        sink.flush();
        for (int round = 0; round < 2; round++) { // the first time for real packets, then for none
            for (int i = 0; i < VerdictSink.CAPACITY; i++) {
                assertThat(sink.size()).isEqualTo(i);
                int id = i < all.size() ? all.get(i).id() : 1_000_000 + i;
                if (i % 2 == 0) {
                    sink.add(id, Verdict.ACCEPT, 1 << i % 31);
                } else {
                    sink.add(id, new Verdict.Requeue(0xffff, Verdict.NoListener.ACCEPT));
                }
            }
            assertThat(sink.size()).isEqualTo(VerdictSink.CAPACITY);
            sink.flush();
            assertThat(sink.size()).isZero();
            all = Collections.emptyList();
        }
    }

    @Test
    void givesEachCallerASinkOfItsOwn() {
        VerdictSink one = source.verdicts();
        VerdictSink other = source.verdicts();
        one.add(1, Verdict.DROP);
        assertThat(other.size()).isZero();
        one.flush();
    }

    @Test
    void takesInNothingNewOnceToldSo() throws Exception {
        source.stopQueueing();
        bringAnother();
        List<Received> all = receiveAll(slots(4, WIDE), 4);
        assertThat(all).hasSize(holdsWhatWaits() ? COUNT : 0);
    }

    @Test
    void closesTwice() {
        source.verdicts();
        source.close();
        source.close();
    }
}

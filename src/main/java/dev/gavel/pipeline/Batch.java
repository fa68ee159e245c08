package dev.gavel.pipeline;

import dev.gavel.packet.FlowHash;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;

/**
 * The slots of one reader: a stack of free slots, and the batch of packets received last. In each turn the reader
 * offers free slots to the source and takes the filled ones off the stack. It then places the packets one by one: in a
 * lane, or back on the stack if they are answered at once. A slot placed in a lane comes back after its verdict is
 * sent.
 *
 * <p>Used only by the thread that holds the reader's lease.
 */
final class Batch {
    /** Maximum number of packets in a batch. */
    static final int CAPACITY = 64;

    /** Room for the longest payload that netlink can carry, 65,531 bytes, and all attributes before it. */
    private static final int SLOT_BYTES = 66 * 1024;

    private final ByteBuf memory;
    // a stack: the slot used last is taken first, since its memory is still in the CPU cache
    private final QueuedPacket[] free;
    private int freeCount;

    private final QueuedPacket[] packets = new QueuedPacket[CAPACITY];
    private int offered; // number of slots at the start of packets that are offered to the source
    private int received; // number of packets received, from the start of packets
    private int placed; // how many of the packets received the reader has placed

    /** Allocates {@code slots} slots, all free; {@code hash} computes the flow hash of their packets. */
    Batch(int slots, FlowHash hash) {
        memory = PooledByteBufAllocator.DEFAULT.directBuffer(slots * SLOT_BYTES);
        free = new QueuedPacket[slots];
        for (int i = 0; i < slots; i++) {
            free[freeCount++] = new QueuedPacket(memory, i * SLOT_BYTES, SLOT_BYTES, hash);
        }
    }

    boolean hasFree() {
        return freeCount > 0;
    }

    /**
     * Begins a new batch: puts up to {@link #CAPACITY} free slots at the start of {@link #packets}. Call only after all
     * packets of the previous batch are placed.
     *
     * @return the number of slots offered
     */
    int offer() {
        offered = Math.min(freeCount, CAPACITY);
        for (int i = 0; i < offered; i++) {
            packets[i] = free[freeCount - 1 - i];
        }
        return offered;
    }

    /**
     * Records that a source has filled the first {@code count} of the offered slots and may have reordered them. A
     * negative {@code count} means none.
     */
    void receive(int count) {
        received = Math.max(0, count);
        placed = 0;
        for (int i = received; i < offered; i++) {
            free[freeCount - 1 - i] = packets[i];
        }
        freeCount -= received;
    }

    /** Before {@link #receive} the slots offered, afterwards the packets received. Always the same array. */
    QueuedPacket[] packets() {
        return packets;
    }

    int received() {
        return received;
    }

    /** How many of the packets received are placed; also the index of the next packet in {@link #packets}. */
    int placed() {
        return placed;
    }

    /** Whether a packet of this batch is still to be placed. */
    boolean hasNext() {
        return placed < received;
    }

    /** The oldest packet of this batch that is not placed. Call only if {@link #hasNext}. */
    QueuedPacket next() {
        return packets[placed];
    }

    /** Marks the next packet as placed in a lane. */
    void place() {
        placed++;
    }

    /** Marks the next packet as placed and frees its slot: it was answered without entering a lane. */
    void giveBackNext() {
        giveBack(packets[placed]);
        placed++;
    }

    /** Frees {@code slot}, which was in a lane and whose verdict is sent. */
    void giveBack(QueuedPacket slot) {
        free[freeCount++] = slot;
    }

    /** The free slots; the last in the list was used most recently. */
    List<QueuedPacket> free() {
        return List.of(free).subList(0, freeCount);
    }

    /** Frees the memory of all slots. Call only when no thread uses them any more. */
    void release() {
        memory.release();
    }
}

package dev.gavel.pipeline;

import dev.gavel.packet.FlowHash;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;

/**
 * The slots of one reader: a stack of free ones, and the batch received last. A turn offers free slots to the source,
 * takes those that got a packet off the stack, then places the packets one after the other: in lanes, or, if they are
 * answered at once, on the stack again. A slot that was placed in a lane comes back when its verdict is sent.
 *
 * <p>Belongs to the thread that holds the reader's lease.
 */
final class Batch {
    /** Packets in one batch at most. */
    static final int CAPACITY = 64;

    /** Room for the longest payload that netlink can carry, 65,531 bytes, and all attributes before it. */
    private static final int SLOT_BYTES = 66 * 1024;

    private final ByteBuf memory;
    private final QueuedPacket[] free; // a stack: the slots used last, whose memory is in the caches, are taken first
    private int freeCount;

    private final QueuedPacket[] packets = new QueuedPacket[CAPACITY];
    private int offered; // slots at the start of packets, all of them free
    private int received; // packets at the start of packets, whose slots are free no more
    private int placed; // the first of those received, which the reader has passed on

    /** A batch over {@code slots} slots, all free, whose flows are hashed by {@code hash}. */
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
     * Begins a new batch: free slots, as many as a batch may have, stand at the start of {@link #packets}. Only when
     * the batch before is placed.
     *
     * @return how many
     */
    int offer() {
        offered = Math.min(freeCount, CAPACITY);
        for (int i = 0; i < offered; i++) {
            packets[i] = free[freeCount - 1 - i];
        }
        return offered;
    }

    /** A source has filled the first {@code count} of the slots offered, perhaps in another order; negative: none. */
    void receive(int count) {
        received = Math.max(0, count);
        placed = 0;
        for (int i = received; i < offered; i++) {
            free[freeCount - 1 - i] = packets[i];
        }
        freeCount -= received;
    }

    /** The slots offered, then the packets received; the same array each time. */
    QueuedPacket[] packets() {
        return packets;
    }

    /** How many packets were received. */
    int received() {
        return received;
    }

    /** How many of the packets received are placed: the index in {@link #packets} of the next one. */
    int placed() {
        return placed;
    }

    /** Whether a packet received is not placed. */
    boolean hasNext() {
        return placed < received;
    }

    /** The oldest packet received that is not placed. Only if there is one. */
    QueuedPacket next() {
        return packets[placed];
    }

    /** The next packet is in a lane. */
    void place() {
        placed++;
    }

    /** The next packet is answered, and in no lane: its slot is free. */
    void giveBackNext() {
        giveBack(packets[placed]);
        placed++;
    }

    /** The verdict of a packet that was placed in a lane is sent: {@code slot} is free. */
    void giveBack(QueuedPacket slot) {
        free[freeCount++] = slot;
    }

    /** The slots that are free, the one used last at the end. */
    List<QueuedPacket> free() {
        return List.of(free).subList(0, freeCount);
    }

    /** Gives the slots' memory back. Only when no thread uses them any more. */
    void release() {
        memory.release();
    }
}

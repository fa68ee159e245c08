package dev.gavel.sys;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * An array of {@code struct mmsghdr} with one {@code struct iovec} each, for
 * {@link NativeSocket#receive(MessageVector, int)}; see recvmmsg(2) for the layout on 64-bit machines. Belongs to one
 * thread; {@link #close} gives its memory back.
 */
public final class MessageVector implements AutoCloseable {
    private static final int HEADER_BYTES = 64;
    private static final int IOV = 16;
    private static final int IOV_LENGTH = 24;
    private static final int MESSAGE_LENGTH = 56;
    private static final int IOVEC_BYTES = 16;

    private final ByteBuf memory;
    private final int capacity;

    /** A vector of {@code capacity} messages. */
    public MessageVector(int capacity) {
        this.capacity = capacity;
        memory = Unpooled.directBuffer(capacity * (HEADER_BYTES + IOVEC_BYTES));
        memory.setZero(0, memory.capacity());
        for (int i = 0; i < capacity; i++) {
            memory.setLongLE(i * HEADER_BYTES + IOV, memory.memoryAddress() + iovec(i));
            memory.setLongLE(i * HEADER_BYTES + IOV_LENGTH, 1);
        }
    }

    private int iovec(int index) {
        return capacity * HEADER_BYTES + index * IOVEC_BYTES;
    }

    /**
     * Message {@code index} shall be written to {@code length} bytes at {@code address}, which the caller keeps alive.
     */
    public void target(int index, long address, int length) {
        memory.setLongLE(iovec(index), address);
        memory.setLongLE(iovec(index) + 8, length);
    }

    /** Bytes of message {@code index} that were written, after a receive. */
    public int length(int index) {
        return memory.getIntLE(index * HEADER_BYTES + MESSAGE_LENGTH);
    }

    int capacity() {
        return capacity;
    }

    long address() {
        return memory.memoryAddress();
    }

    @Override
    public void close() {
        memory.release();
    }
}

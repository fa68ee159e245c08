package dev.gavel.sys;

import static dev.gavel.sys.Native.LIBC;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The time of day, read without an object a reading (CLOCK_REALTIME, see clock_gettime(2)). Belongs to one thread;
 * {@link #close} gives its memory back.
 */
public final class WallClock implements AutoCloseable {
    private static final int CLOCK_REALTIME = 0;

    private final ByteBuf time = Unpooled.directBuffer(16); // struct timespec of 64-bit machines

    /** Nanoseconds since 1970. */
    public long nowNs() {
        if (LIBC.clock_gettime(CLOCK_REALTIME, time.memoryAddress()) != 0) {
            throw new SyscallException("clock_gettime", Native.errno());
        }
        return time.getLongLE(0) * 1_000_000_000 + time.getLongLE(8);
    }

    @Override
    public void close() {
        time.release();
    }
}

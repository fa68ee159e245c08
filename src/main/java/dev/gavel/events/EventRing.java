package dev.gavel.events;

import dev.gavel.counters.Counter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A bounded ring of records from one thread that judges to the one that writes. Cursors only grow. */
final class EventRing {
    private static final VarHandle FILLED;
    private static final VarHandle EMPTIED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FILLED = lookup.findVarHandle(EventRing.class, "filled", long.class);
            EMPTIED = lookup.findVarHandle(EventRing.class, "emptied", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Events that found no room. Counted by the judging thread. */
    final Counter lost = new Counter();

    private final PacketEvent[] ring;
    private final int mask;

    @SuppressWarnings("unused") // through FILLED
    private long filled; // by the judging thread

    @SuppressWarnings("unused") // through EMPTIED
    private long emptied; // by the writer

    /** A ring for {@code capacity} records, a power of two. */
    EventRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " (expected: a power of two)");
        }
        ring = new PacketEvent[capacity];
        Arrays.setAll(ring, i -> new PacketEvent());
        mask = capacity - 1;
    }

    /** The next record to be filled; null, and one event lost, if there is none. Judging thread only. */
    @Nullable
    PacketEvent claim() {
        long next = (long) FILLED.get(this);
        if (next - (long) EMPTIED.getAcquire(this) > mask) {
            lost.increment();
            return null;
        }
        return ring[(int) next & mask];
    }

    /** Shows the writer what was claimed. Judging thread only. */
    void publish() {
        FILLED.setRelease(this, (long) FILLED.get(this) + 1);
    }

    /** The oldest record, null if there is none. Writer only. */
    @Nullable
    PacketEvent next() {
        long oldest = (long) EMPTIED.get(this);
        return oldest == (long) FILLED.getAcquire(this) ? null : ring[(int) oldest & mask];
    }

    /** The record of {@link #next} may be filled again. Writer only. */
    void release() {
        EMPTIED.setRelease(this, (long) EMPTIED.get(this) + 1);
    }
}

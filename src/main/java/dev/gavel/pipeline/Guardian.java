package dev.gavel.pipeline;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers packets that are past their deadline in place of the thread that holds them. Depends on no other thread: it
 * inspects nothing, waits for no lease, and allocates nothing.
 */
final class Guardian extends Agent {
    private static final long TICK_NS = 5_000_000;

    /** If we are later than that, the whole virtual machine stood still: that is nobody's fault, and over. */
    private static final long STOP_NS = 20_000_000;

    private final long deadlineNs;
    private final long tickNs;
    private final List<Overruling> overrulings;
    private final List<Reader> readers;
    private long lookedNs = System.nanoTime();
    private long resumedNs = lookedNs;
    private long stoodStillNs;

    Guardian(Pipeline pipeline, long deadlineNs, List<Overruling> overrulings, List<Reader> readers) {
        super("guardian", pipeline);
        this.deadlineNs = deadlineNs;
        this.overrulings = List.copyOf(overrulings);
        this.readers = List.copyOf(readers);
        tickNs = Math.max(1_000_000, Math.min(TICK_NS, deadlineNs / 4));
    }

    @Override
    void turn() {
        LockSupport.parkNanos(this, tickNs);
        long counted = counted(System.nanoTime());
        for (int i = 0; i < overrulings.size(); i++) {
            overrulings.get(i).answerOverdue(counted);
        }
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).relieve();
        }
    }

    /** {@code nowNs}, without the last stand-still as long as there may be packets from before it. */
    private long counted(long nowNs) {
        long late = nowNs - lookedNs - tickNs;
        lookedNs = nowNs;
        if (late > STOP_NS) {
            resumedNs = nowNs;
            stoodStillNs = late;
        }
        return nowNs - resumedNs < deadlineNs ? nowNs - stoodStillNs : nowNs;
    }

    @Override
    boolean isBusy() {
        return false;
    }

    @Override
    void recover() {
        // holds nothing
    }
}

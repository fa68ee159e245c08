package dev.gavel.pipeline;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers packets that are past their deadline when the thread that holds them is too slow or hangs. Reads only their
 * headers and never waits for another thread, so it cannot hang with it.
 */
final class Guardian extends Agent {
    private static final long TICK_NS = 5_000_000;

    /** A turn that starts later than this means that the whole virtual machine was paused: no thread is to blame. */
    private static final long STOP_NS = 20_000_000;

    private final long deadlineNs;
    private final long tickNs;
    private final long stopNs;
    private final List<StandIn> standIns;
    private final List<Reader> readers;
    private long lookedNs = System.nanoTime();
    private long resumedNs;
    private long stoodStillNs;
    private boolean hasMore;

    Guardian(PipelineState state, long deadlineNs, List<StandIn> standIns, List<Reader> readers) {
        super("guardian", state);
        this.deadlineNs = deadlineNs;
        this.standIns = List.copyOf(standIns);
        this.readers = List.copyOf(readers);
        tickNs = Math.max(1_000_000, Math.min(TICK_NS, deadlineNs / 4));
        stopNs = Math.max(tickNs, Math.min(STOP_NS, deadlineNs / 2));
    }

    @Override
    void turn() {
        if (!hasMore) {
            LockSupport.parkNanos(this, tickNs);
        }
        long counted = counted(System.nanoTime());
        for (int i = 0; i < standIns.size(); i++) {
            standIns.get(i).answerOverdue(counted);
        }
        hasMore = false;
        for (int i = 0; i < readers.size(); i++) {
            hasMore |= readers.get(i).relieve();
        }
        if (hasMore) {
            lookedNs = System.nanoTime(); // relieving took time, which must not be mistaken for a pause
        }
    }

    /**
     * {@code nowNs} minus the pauses of the virtual machine. A pause is subtracted for {@link #deadlineNs} after it
     * ended, as long as packets received before it may still wait.
     */
    long counted(long nowNs) {
        long late = nowNs - lookedNs - tickNs;
        lookedNs = nowNs;
        if (stoodStillNs > 0 && nowNs - resumedNs > deadlineNs) {
            stoodStillNs = 0;
        }
        if (late > stopNs) {
            resumedNs = nowNs;
            stoodStillNs += late;
        }
        return nowNs - stoodStillNs;
    }

    @Override
    boolean isBusy() {
        return false;
    }

    @Override
    void recover() {
        // the guardian holds no packets
    }
}

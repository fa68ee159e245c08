package dev.gavel.pipeline;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock: the right to use the state it guards, held by one thread at a time. The next holder sees all writes of the
 * previous one. Taken about once a batch and rarely contended; allocates nothing. Not reentrant.
 */
final class Lease {
    private static final int SPINS = 100;
    private static final long WAIT_NS = 20_000;

    private final AtomicBoolean taken = new AtomicBoolean();

    /** Takes the lease if it is free; returns whether it did. */
    boolean tryTake() {
        return taken.compareAndSet(false, true);
    }

    /** Takes the lease, waiting until it is free. */
    void take() {
        for (int i = 0; !tryTake(); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, WAIT_NS);
            }
        }
    }

    /** Gives the lease back. Only its holder may call this. */
    void giveBack() {
        taken.setRelease(false);
    }
}

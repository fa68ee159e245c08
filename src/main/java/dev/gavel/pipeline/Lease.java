package dev.gavel.pipeline;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to act for somebody, held by one thread at a time: what one holder has written, the next one sees. Taken
 * once a batch and rarely asked for by two threads at once; allocates nothing. Not reentrant.
 */
final class Lease {
    private static final int SPINS = 100;
    private static final long WAIT_NS = 20_000;

    private final AtomicBoolean taken = new AtomicBoolean();

    /** Takes it if nobody has it. */
    boolean tryTake() {
        return taken.compareAndSet(false, true);
    }

    /** Takes it, and waits as long as another thread has it. */
    void take() {
        for (int i = 0; !tryTake(); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, WAIT_NS);
            }
        }
    }

    /** Its holder gives it back. */
    void giveBack() {
        taken.setRelease(false);
    }
}

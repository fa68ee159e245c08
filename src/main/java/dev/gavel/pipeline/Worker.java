package dev.gavel.pipeline;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** Judges what readers lay into its lanes. Spins briefly, then sleeps until a reader wakes it. */
final class Worker extends Agent {
    private static final int SPINS = 100;
    private static final long SLEEP_NS = 100_000_000;

    private final DutyCycle dutyCycle;
    private int idleTurns;
    private volatile boolean sleeping;

    Worker(String name, PipelineState state, DutyCycle dutyCycle) {
        super(name, state);
        this.dutyCycle = dutyCycle;
    }

    @Override
    void turn() {
        if (dutyCycle.judge() > 0) {
            idleTurns = 0;
        } else if (++idleTurns < SPINS) {
            Thread.onSpinWait();
        } else {
            sleep();
        }
    }

    private void sleep() {
        sleeping = true;
        VarHandle.fullFence(); // we write sleeping, then read published; the reader the other way round
        if (!dutyCycle.isBusy()) {
            LockSupport.parkNanos(this, SLEEP_NS);
        }
        sleeping = false;
    }

    /** To be called by a reader after it has published to one of this worker's lanes. */
    void wake() {
        if (sleeping) {
            LockSupport.unpark(thread());
        }
    }

    @Override
    boolean isBusy() {
        return dutyCycle.isBusy();
    }

    @Override
    void recover() {
        dutyCycle.recover();
    }
}

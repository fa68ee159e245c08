package dev.gavel.pipeline;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** Judges the packets that readers put into its lanes. Spins briefly, then sleeps until a reader wakes it. */
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
        VarHandle.fullFence(); // the worker writes sleeping, then reads published; the reader does the reverse
        if (!dutyCycle.isBusy()) {
            LockSupport.parkNanos(this, SLEEP_NS);
        }
        sleeping = false;
    }

    /** Wakes this worker if it sleeps. A reader calls this after publishing to one of the worker's lanes. */
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

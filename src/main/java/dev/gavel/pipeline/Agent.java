package dev.gavel.pipeline;

import dev.gavel.counters.Counter;

/**
 * One thread of the pipeline, which calls {@link #turn} until it is stopped. If a turn ends in an {@link Error}, {@link
 * #recover} answers the packets held and a new thread takes over. Any other throwable ends the pipeline.
 */
abstract class Agent implements Runnable {
    private final String name;
    private final PipelineState state;
    private final Counter turns = new Counter();
    private volatile boolean stopping;
    private volatile Thread thread;

    Agent(String name, PipelineState state) {
        this.name = name;
        this.state = state;
        thread = newThread();
    }

    private Thread newThread() {
        Thread next = new Thread(this, name);
        next.setDaemon(true);
        return next;
    }

    /** Does a limited amount of work; if there is none, waits a bounded time. */
    abstract void turn();

    /** Whether there are packets left to handle; asked before the thread stops. */
    abstract boolean isBusy();

    /** Called after an {@link Error}: answers the packets held, and prepares the state for a new thread. */
    abstract void recover();

    @Override
    public void run() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = turnUnlessStopped();
            }
        } catch (RuntimeException e) {
            state.failed(e);
        } catch (Error e) {
            replace(e);
        }
    }

    /**
     * Kept apart from the loop so that the JIT can compile it again: if the JVM discards the compiled form of a loop
     * that never ends, the loop may be interpreted for ever.
     */
    private boolean turnUnlessStopped() {
        if (stopping && !isBusy()) {
            return false;
        }
        turn();
        turns.increment();
        return true;
    }

    private void replace(Error e) {
        try {
            state.failures().report(FailureLog.Kind.THREAD, e);
            recover();
            Thread next = newThread();
            next.start();
            // assigned after the start: a thread that has not started counts as ended
            thread = next;
        } catch (RuntimeException | Error again) {
            state.failed(new IllegalStateException("thread " + name + " died and cannot be replaced", again));
        }
    }

    final void start() {
        thread.start();
    }

    final void stop() {
        stopping = true;
    }

    /** Waits until the thread has ended; returns false if it is still alive after {@code milliseconds}. */
    final boolean join(long milliseconds) throws InterruptedException {
        long end = System.nanoTime() + Math.max(1, milliseconds) * 1_000_000;
        Thread joined;
        do {
            joined = thread;
            joined.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        } while (joined != thread && System.nanoTime() - end < 0); // the thread died and was replaced
        return !joined.isAlive();
    }

    final boolean isAlive() {
        return thread.isAlive();
    }

    final Thread thread() {
        return thread;
    }

    final String name() {
        return name;
    }

    /** Number of completed turns; a thread whose count stands still for seconds hangs. */
    final long turns() {
        return turns.value();
    }
}

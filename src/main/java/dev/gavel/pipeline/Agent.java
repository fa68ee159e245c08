package dev.gavel.pipeline;

import dev.gavel.counters.Counter;

/**
 * One thread of the pipeline: turns until it is told to stop. An {@link Error} ends the thread after its packets were
 * answered, and another takes its place; any other throwable that escapes a turn is the end of the pipeline.
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

    /** One turn; waits a bounded time if there is nothing to do. */
    abstract void turn();

    /** Whether there is still work in hand, asked when the agent is to stop. */
    abstract boolean isBusy();

    /** After an {@link Error}: answers the packets in hand, and makes ready for another thread. */
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
     * A method of its own, since the loop around it never ends: once the JVM has thrown its compiled form away it may
     * be interpreted for ever, but a method that is called again is compiled again.
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
            thread = next; // only now: a thread that is not started yet would pass for one that has ended
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

    /** Waits until the thread has ended; false if it has not within {@code milliseconds}. */
    final boolean join(long milliseconds) throws InterruptedException {
        long end = System.nanoTime() + Math.max(1, milliseconds) * 1_000_000;
        Thread joined;
        do {
            joined = thread;
            joined.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        } while (joined != thread && System.nanoTime() - end < 0); // it died, and another took its place
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

    /** How often this thread has turned: a thread that does not turn for seconds hangs. */
    final long turns() {
        return turns.value();
    }
}

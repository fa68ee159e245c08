package dev.gavel.daemon;

import dev.gavel.counters.Count;
import dev.gavel.counters.Counter;
import dev.gavel.metrics.ReloadMetrics;

/**
 * Counts and outcomes of reloads. Written by one thread at a time, under the lock of {@link Generations}; any thread
 * may read.
 */
final class Reloads implements ReloadMetrics.Loads {
    private final Counter successes = new Counter();
    private final Counter failures = new Counter();
    private volatile boolean lastSuccessful = true;
    private volatile long lastSuccessMs = System.currentTimeMillis();

    /** Records a reload that put new policies in force. */
    void succeeded() {
        successes.increment();
        lastSuccessMs = System.currentTimeMillis();
        lastSuccessful = true;
    }

    /** Records a reload that left the old policies in force. */
    void failed() {
        failures.increment();
        lastSuccessful = false;
    }

    @Override
    public Count successes() {
        return successes;
    }

    @Override
    public Count failures() {
        return failures;
    }

    @Override
    public boolean wasLastSuccessful() {
        return lastSuccessful;
    }

    @Override
    public long lastSuccessMs() {
        return lastSuccessMs;
    }
}

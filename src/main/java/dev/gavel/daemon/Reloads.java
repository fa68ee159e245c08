package dev.gavel.daemon;

import dev.gavel.counters.Count;
import dev.gavel.counters.Counter;
import dev.gavel.metrics.ReloadMetrics;

/** How reloads went. Written by one thread at a time, with the lock of {@link Generations}; read by any. */
final class Reloads implements ReloadMetrics.Loads {
    private final Counter successes = new Counter();
    private final Counter failures = new Counter();
    private volatile boolean lastSuccessful = true;
    private volatile long lastSuccessMs = System.currentTimeMillis();

    /** New policies are in force. */
    void succeeded() {
        successes.increment();
        lastSuccessMs = System.currentTimeMillis();
        lastSuccessful = true;
    }

    /** The old policies stay in force. */
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

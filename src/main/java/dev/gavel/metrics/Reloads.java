package dev.gavel.metrics;

import dev.gavel.counters.Counter;

/** How the loading of policies went. Written by the daemon's main thread, read by any. */
public final class Reloads {
    private final Counter successes = new Counter();
    private final Counter failures = new Counter();
    private volatile boolean lastSuccessful = true;
    private volatile long lastSuccessMs = System.currentTimeMillis();

    /** New policies are in force. */
    public void succeeded() {
        successes.increment();
        lastSuccessMs = System.currentTimeMillis();
        lastSuccessful = true;
    }

    /** New policies hold errors: the old ones stay. */
    public void failed() {
        failures.increment();
        lastSuccessful = false;
    }

    long successes() {
        return successes.value();
    }

    long failures() {
        return failures.value();
    }

    boolean wasLastSuccessful() {
        return lastSuccessful;
    }

    double lastSuccessSeconds() {
        return lastSuccessMs / 1000.0;
    }
}

package dev.gavel.nfqueue;

/** Counters of a queue that no kernel has, for tests of other packages. */
public final class TestCounters {
    private TestCounters() {}

    public static QueueCounters of() {
        return new QueueCounters();
    }
}

package dev.gavel.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/** Logs failed judgements, at most one a second, so that hostile packets cannot flood the log. */
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final long INTERVAL_NS = 1_000_000_000L;
    private static final AtomicLong NEXT_NS = new AtomicLong(System.nanoTime());

    private Failures() {}

    static void report(Throwable failure) {
        long now = System.nanoTime();
        long next = NEXT_NS.get();
        if (now - next >= 0 && NEXT_NS.compareAndSet(next, now + INTERVAL_NS)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "a packet could not be judged; it gets the verdict of overload",
                    failure);
        }
    }
}

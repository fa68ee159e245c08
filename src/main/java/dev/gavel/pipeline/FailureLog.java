package dev.gavel.pipeline;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Logs failures that do not stop the pipeline, at most once a second for each kind, so that hostile packets cannot
 * flood the log and one kind cannot hide another. Each pipeline has one instance; any thread may report.
 */
final class FailureLog {
    private static final System.Logger LOG = System.getLogger(FailureLog.class.getName());
    private static final long INTERVAL_NS = 1_000_000_000L;

    /** The part that failed; the message also says what becomes of the packets. */
    enum Kind {
        JUDGEMENT("a packet could not be judged; it gets the verdict of overload"),
        LISTENER("what hears of verdicts, such as events, has failed; the packet's verdict was sent before"),
        REJECTOR("the ends of a rejected packet could not be told; it was dropped before"),
        THREAD("a thread died and is replaced; what it held and had not judged gets the verdict of overload");

        private final String message;

        Kind(String message) {
            this.message = message;
        }
    }

    private final LongSupplier clock;
    private final Map<Kind, AtomicLong> nextNs = new EnumMap<>(Kind.class);

    FailureLog() {
        this(System::nanoTime);
    }

    /** {@code clock} gives nanoseconds. */
    FailureLog(LongSupplier clock) {
        this.clock = clock;
        long now = clock.getAsLong();
        for (Kind kind : Kind.values()) {
            nextNs.put(kind, new AtomicLong(now));
        }
    }

    /** Logs {@code failure} of {@code what}, unless one of the same kind was logged within the last second. */
    void report(Kind what, Throwable failure) {
        AtomicLong nextOfKind = Objects.requireNonNull(nextNs.get(what));
        long now = clock.getAsLong();
        long next = nextOfKind.get();
        if (now - next >= 0 && nextOfKind.compareAndSet(next, now + INTERVAL_NS)) {
            LOG.log(System.Logger.Level.ERROR, what.message, failure);
        }
    }
}

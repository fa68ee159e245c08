package dev.gavel.metrics;

import dev.gavel.reject.RawRejector;
import java.util.function.LongSupplier;

/** The answers to rejected packets. */
public final class RejectMetrics extends Collector {
    private final LongSupplier sent;
    private final LongSupplier suppressed;
    private final LongSupplier failed;

    public RejectMetrics(RawRejector rejector) {
        this(rejector::sent, rejector::suppressed, rejector::failed);
    }

    /** Answers so far: that were sent, that the rate forbade, and that the kernel refused. */
    public RejectMetrics(LongSupplier sent, LongSupplier suppressed, LongSupplier failed) {
        this.sent = sent;
        this.suppressed = suppressed;
        this.failed = failed;
    }

    @Override
    void addTo(Families families) {
        families.counter("gavel_rejects", "Answers to the ends of rejected packets.", samples -> {
            samples.sample(sent.getAsLong(), "result", "sent");
            samples.sample(suppressed.getAsLong(), "result", "suppressed");
            samples.sample(failed.getAsLong(), "result", "failed");
        });
    }
}

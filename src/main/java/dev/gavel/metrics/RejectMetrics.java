package dev.gavel.metrics;

import dev.gavel.reject.RawRejector;
import java.util.function.LongSupplier;

/** Counts of the answers to rejected packets. */
public final class RejectMetrics extends Collector {
    private final LongSupplier sent;
    private final LongSupplier suppressed;
    private final LongSupplier failed;

    public RejectMetrics(RawRejector rejector) {
        this(rejector::sent, rejector::suppressed, rejector::failed);
    }

    /** Counts of answers so far: sent, suppressed by the rate limit, and refused by the kernel. */
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

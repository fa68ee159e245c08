package dev.gavel.pipeline;

import dev.gavel.counters.Count;
import dev.gavel.counters.Counter;
import dev.gavel.counters.Distribution;
import dev.gavel.counters.Histogram;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the verdicts sent to one queue by one judge, or by one stand-in. Written by one thread at a time, read by any.
 */
public final class VerdictCounters {
    private static final String DAEMON = "";

    private final Map<Verdict.Kind, Map<Reason, Counter>> verdicts = new EnumMap<>(Verdict.Kind.class);

    private final Histogram latencyNs = Histogram.ofTimes();
    final Histogram batch = new Histogram(1, 2, 4, 8, 16, 32, 64, 128);
    final Counter late = new Counter();

    private final Map<String, Map<OverloadCause, Counter>> overloads = new ConcurrentHashMap<>();

    VerdictCounters() {
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            Map<Reason, Counter> byReason = new EnumMap<>(Reason.class);
            for (Reason reason : Reason.values()) {
                byReason.put(reason, new Counter());
            }
            verdicts.put(kind, byReason);
        }
        overloads.put(DAEMON, noOverloads());
    }

    private static Map<OverloadCause, Counter> noOverloads() {
        Map<OverloadCause, Counter> counters = new EnumMap<>(OverloadCause.class);
        for (OverloadCause cause : OverloadCause.values()) {
            counters.put(cause, new Counter());
        }
        return counters;
    }

    /** Counts the verdict of a packet that was received {@code ageNs} nanoseconds ago. */
    void count(Answer answer, long ageNs) {
        counter(answer.verdict().kind(), answer.reason()).increment();
        latencyNs.record(ageNs);
        OverloadCause cause = answer.cause();
        if (cause != null) {
            overload(Objects.requireNonNullElse(answer.policy(), DAEMON), cause);
        }
    }

    private void overload(String policy, OverloadCause cause) {
        Map<OverloadCause, Counter> byCause = overloads.get(policy);
        if (byCause == null) { // allocates once for each policy with its own overload verdict
            byCause = noOverloads();
            overloads.put(policy, byCause);
        }
        Objects.requireNonNull(byCause.get(cause)).increment();
    }

    /**
     * Packets answered without being judged, because of {@code cause}, by the overload verdict of {@code policy};
     * empty: the daemon's.
     */
    public long overloads(String policy, OverloadCause cause) {
        Map<OverloadCause, Counter> byCause = overloads.get(policy);
        return byCause == null ? 0 : Objects.requireNonNull(byCause.get(cause)).value();
    }

    /** Packets answered without being judged, because of {@code cause}. */
    public long overloads(OverloadCause cause) {
        return overloads.keySet().stream()
                .mapToLong(policy -> overloads(policy, cause))
                .sum();
    }

    /** Nanoseconds from receiving a packet to counting its verdict, which is when it is sent. */
    public Distribution latencyNs() {
        return latencyNs;
    }

    /** Number of verdicts per send. */
    public Distribution batch() {
        return batch;
    }

    /**
     * Packets that the judge finished only after the stand-in had answered them, because they were past their deadline.
     */
    public Count late() {
        return late;
    }

    /** Receives the count of one combination of verdict and reason. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * {@code verdict} and {@code reason} are the words used in metrics. A reject is counted as reject, although the
         * kernel is sent a drop.
         */
        void count(String verdict, String reason, long count);
    }

    /** Passes each count to {@code visitor}, including zeros. */
    public void forEach(Visitor visitor) {
        verdicts.forEach((kind, byReason) ->
                byReason.forEach((reason, counter) -> visitor.count(kind.word(), reason.word(), counter.value())));
    }

    /** Number of verdicts counted. */
    public long verdicts() {
        long sum = 0;
        for (Map<Reason, Counter> byReason : verdicts.values()) {
            for (Counter counter : byReason.values()) {
                sum += counter.value();
            }
        }
        return sum;
    }

    private Counter counter(Verdict.Kind kind, Reason reason) {
        return Objects.requireNonNull(Objects.requireNonNull(verdicts.get(kind)).get(reason));
    }
}

package dev.gavel.metrics;

import dev.gavel.counters.Distribution;
import dev.gavel.nfqueue.KernelQueue;
import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.pipeline.VerdictCounters;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The values that one scrape reads from one queue. Verdicts are read before packets, so that the number of packets in
 * flight is never negative.
 */
final class QueueReading {
    /** A verdict and its reason, in the words of the metrics. */
    private record Outcome(String verdict, String reason) {}

    private final String number;
    private final BoundQueue queue;
    private final List<VerdictCounters> answered;
    private final Map<Outcome, Long> verdicts = new LinkedHashMap<>();
    private final long packets;
    private final @Nullable KernelQueue kernel; // null if we lack the privilege to read it: no samples then

    /** {@code answered} holds, for each thread that answers {@code queue}, its verdict counters. */
    QueueReading(BoundQueue queue, List<VerdictCounters> answered) {
        this.queue = queue;
        this.answered = answered;
        number = Integer.toString(queue.number());
        answered.forEach(counters -> counters.forEach(
                (verdict, reason, count) -> verdicts.merge(new Outcome(verdict, reason), count, Long::sum)));
        packets = queue.counters().packets().value();
        kernel = KernelQueue.read(queue.number());
    }

    String number() {
        return number;
    }

    /** Packets received when this reading was taken. */
    long packets() {
        return packets;
    }

    /** Live counters of the queue's reader thread; they may be newer than {@link #packets}. */
    QueueCounters counters() {
        return queue.counters();
    }

    int maxLength() {
        return queue.settings().maxLength();
    }

    void verdicts(Families.Samples samples) {
        verdicts.forEach((outcome, count) ->
                samples.sample(count, "queue", number, "verdict", outcome.verdict(), "reason", outcome.reason()));
    }

    long inFlight() {
        return packets - verdicts.values().stream().mapToLong(Long::longValue).sum();
    }

    void errors(Families.Samples samples) {
        String[] names = QueueCounters.errorNames();
        for (int i = 0; i < names.length; i++) {
            samples.sample(counters().errors(i), "queue", number, "error", names[i]);
        }
        samples.sample(counters().otherErrors().value(), "queue", number, "error", "other");
        samples.sample(counters().unreadable().value(), "queue", number, "error", "unreadable");
    }

    void kernelLength(Families.Samples samples) {
        if (kernel != null) {
            samples.sample(kernel.waiting(), "queue", number);
        }
    }

    void kernelDrops(Families.Samples samples) {
        if (kernel != null) {
            samples.sample(kernel.fullDrops(), "queue", number, "reason", "queue_full");
            samples.sample(kernel.userDrops(), "queue", number, "reason", "user");
        }
    }

    /** The chosen histogram of each thread that answers. */
    List<Distribution> answered(Function<VerdictCounters, Distribution> histogram) {
        return answered.stream().map(histogram).toList();
    }

    /** The sum of one count over all threads that answer. */
    long sum(ToLongFunction<VerdictCounters> count) {
        return answered.stream().mapToLong(count).sum();
    }

    /** Labels of {@code gavel_queue_info} for this queue. */
    Labels info() {
        return Labels.of(
                "queue", number,
                "copy_range", Integer.toString(queue.settings().copyRange()),
                "flags", QueueFlag.words(queue.flags()),
                "fail_open", Boolean.toString(queue.flags().contains(QueueFlag.FAIL_OPEN)));
    }
}

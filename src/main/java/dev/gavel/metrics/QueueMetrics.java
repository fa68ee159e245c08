package dev.gavel.metrics;

import dev.gavel.nfqueue.KernelQueue;
import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one scrape reads of one queue: verdicts first, then packets, so that those in flight are never negative. */
final class QueueMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    /** A verdict and its reason, as metrics word them. */
    private record Outcome(String verdict, String reason) {}

    private final String number;
    private final QueueSocket socket;
    private final List<VerdictCounters> answered;
    private final Map<Outcome, Long> verdicts = new LinkedHashMap<>();
    private final long packets;
    private final @Nullable KernelQueue kernel;

    private QueueMetrics(Pipeline.Queue queue, QueueSocket socket) {
        this.socket = socket;
        number = Integer.toString(socket.number());
        answered = queue.counters();
        answered.forEach(counters -> counters.forEach(
                (verdict, reason, count) -> verdicts.merge(new Outcome(verdict, reason), count, Long::sum)));
        packets = socket.counters().packets.value();
        kernel = KernelQueue.read(socket.number());
    }

    static List<QueueMetrics> of(Pipeline pipeline, List<QueueSocket> sockets) {
        List<QueueMetrics> metrics = new ArrayList<>();
        for (int i = 0; i < sockets.size(); i++) {
            metrics.add(new QueueMetrics(pipeline.queues().get(i), sockets.get(i)));
        }
        return metrics;
    }

    /** {@code policies} have a word on packets that cannot be judged; an empty name is the daemon. */
    static void addTo(Families families, List<QueueMetrics> queues, List<String> policies) {
        families.counter(
                "gavel_packets",
                "Packets received from the kernel.",
                samples -> queues.forEach(queue -> samples.sample(queue.packets, "queue", queue.number)));
        families.counter(
                "gavel_bytes",
                "Bytes of the packets received, copied to us or not.",
                samples -> queues.forEach(
                        queue -> samples.sample(queue.read().bytes.value(), "queue", queue.number)));
        families.counter(
                "gavel_verdicts",
                "Verdicts by what was said and why.",
                samples -> queues.forEach(queue -> queue.verdicts(samples)));
        families.gauge(
                "gavel_packets_in_flight",
                "Packets received and not yet judged.",
                samples -> queues.forEach(queue -> samples.sample(queue.inFlight(), "queue", queue.number)));
        families.counter(
                "gavel_packet_id_gaps",
                "Packets lost or failed open before they reached us.",
                samples ->
                        queues.forEach(queue -> samples.sample(queue.read().gaps.value(), "queue", queue.number)));
        families.counter(
                "gavel_truncated_packets",
                "Packets of which only a part was copied to us.",
                samples -> queues.forEach(
                        queue -> samples.sample(queue.read().truncated.value(), "queue", queue.number)));
        families.counter(
                "gavel_netlink_errors",
                "Errors that the kernel has answered, and overruns.",
                samples -> queues.forEach(queue -> queue.errors(samples)));
        kernel(families, queues);
        histograms(families, queues);
        overload(families, queues, policies);
    }

    private QueueCounters read() {
        return socket.counters();
    }

    private void verdicts(Families.Samples samples) {
        verdicts.forEach((outcome, count) ->
                samples.sample(count, "queue", number, "verdict", outcome.verdict(), "reason", outcome.reason()));
    }

    private long inFlight() {
        return packets - verdicts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void errors(Families.Samples samples) {
        String[] names = QueueCounters.errorNames();
        for (int i = 0; i < names.length; i++) {
            samples.sample(read().errors(i), "queue", number, "error", names[i]);
        }
        samples.sample(read().otherErrors.value(), "queue", number, "error", "other");
        samples.sample(read().unreadable.value(), "queue", number, "error", "unreadable");
    }

    /** Without the privilege to read them these are absent, never 0. */
    private static void kernel(Families families, List<QueueMetrics> queues) {
        families.gauge(
                "gavel_kernel_queue_length",
                "Packets in the kernel that await a verdict.",
                samples -> queues.forEach(queue -> {
                    if (queue.kernel != null) {
                        samples.sample(queue.kernel.waiting(), "queue", queue.number);
                    }
                }));
        families.gauge(
                "gavel_kernel_queue_max_length",
                "Packets that may wait in the kernel.",
                samples -> queues.forEach(
                        queue -> samples.sample(queue.socket.settings().maxLength(), "queue", queue.number)));
        families.counter(
                "gavel_kernel_packets_dropped",
                "Packets the kernel has dropped for want of room.",
                samples -> queues.forEach(queue -> {
                    if (queue.kernel != null) {
                        samples.sample(queue.kernel.fullDrops(), "queue", queue.number, "reason", "queue_full");
                        samples.sample(queue.kernel.userDrops(), "queue", queue.number, "reason", "user");
                    }
                }));
    }

    private static void histograms(Families families, List<QueueMetrics> queues) {
        families.histogram(
                "gavel_verdict_latency_seconds",
                "From receive to verdict sent.",
                NANOS_PER_SECOND,
                histograms -> queues.forEach(queue -> histograms.sample(
                        queue.answered.stream()
                                .map(counters -> counters.latencyNs)
                                .toList(),
                        "queue",
                        queue.number)));
        families.histogram(
                "gavel_queue_wait_seconds",
                "From the kernel's stamp to receive, of packets that it has stamped.",
                NANOS_PER_SECOND,
                histograms -> queues.forEach(
                        queue -> histograms.sample(List.of(queue.read().waitNs), "queue", queue.number)));
        families.histogram(
                "gavel_receive_batch_packets",
                "Packets per receive.",
                1,
                histograms ->
                        queues.forEach(queue -> histograms.sample(List.of(queue.read().batch), "queue", queue.number)));
        families.histogram(
                "gavel_verdict_batch_packets",
                "Verdicts per send.",
                1,
                histograms -> queues.forEach(queue -> histograms.sample(
                        queue.answered.stream().map(counters -> counters.batch).toList(), "queue", queue.number)));
    }

    private static void overload(Families families, List<QueueMetrics> queues, List<String> policies) {
        families.counter("gavel_overload_verdicts", "Packets that could not be judged in time or at all.", samples -> {
            for (String policy : policies) {
                for (OverloadCause cause : OverloadCause.values()) {
                    long count = queues.stream()
                            .flatMap(queue -> queue.answered.stream())
                            .mapToLong(counters -> counters.overloads(policy, cause))
                            .sum();
                    samples.sample(count, "policy", policy, "cause", cause.word());
                }
            }
        });
        families.counter(
                "gavel_late_verdicts",
                "Packets judged after a verdict had gone out by deadline.",
                samples -> queues.forEach(queue -> samples.sample(
                        queue.answered.stream()
                                .mapToLong(counters -> counters.late.value())
                                .sum(),
                        "queue",
                        queue.number)));
    }

    /** Labels of this queue's info. */
    Labels info() {
        return Labels.of(
                "queue", number,
                "copy_range", Integer.toString(socket.settings().copyRange()),
                "flags", QueueFlag.words(socket.flags()),
                "fail_open", Boolean.toString(socket.flags().contains(QueueFlag.FAIL_OPEN)));
    }
}

package dev.gavel.metrics;

import dev.gavel.counters.Distribution;
import dev.gavel.engine.Engine;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.policy.program.OverloadVerdict;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Metrics of the bound queues: packets, verdicts and losses. */
public final class QueueMetrics extends Collector {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Label for overload verdicts that come from the daemon's own settings, because no policy sets one for the packet.
     */
    private static final String DAEMON = "";

    private final Pipeline pipeline;
    private final List<BoundQueue> queues;
    private final Supplier<Engine> engine;

    /**
     * Metrics of {@code queues}.
     *
     * @param queues one for each of the pipeline's queues, in the pipeline's order
     * @param engine supplies the engine in force, whose policies may set verdicts for packets that cannot be judged
     */
    public QueueMetrics(Pipeline pipeline, List<BoundQueue> queues, Supplier<Engine> engine) {
        this.pipeline = pipeline;
        this.queues = List.copyOf(queues);
        this.engine = engine;
    }

    @Override
    void addTo(Families families) {
        List<QueueReading> readings = new ArrayList<>();
        for (int i = 0; i < queues.size(); i++) {
            readings.add(
                    new QueueReading(queues.get(i), pipeline.queues().get(i).counters()));
        }
        Scrape scrape = new Scrape(families, readings);
        packets(scrape);
        kernel(scrape);
        histograms(scrape);
        overloads(scrape);
        families.info(
                "gavel_queue",
                "How a queue is bound.",
                readings.stream().map(QueueReading::info).toArray(Labels[]::new));
    }

    private static void packets(Scrape scrape) {
        scrape.counter("gavel_packets", "Packets received from the kernel.", QueueReading::packets);
        scrape.counter(
                "gavel_bytes",
                "Bytes of the packets received, copied to us or not.",
                queue -> queue.counters().bytes().value());
        scrape.families.counter(
                "gavel_verdicts",
                "Verdicts by what was said and why.",
                samples -> scrape.readings.forEach(queue -> queue.verdicts(samples)));
        scrape.families.gauge(
                "gavel_packets_in_flight",
                "Packets received and not yet judged.",
                samples -> scrape.readings.forEach(queue -> samples.sample(queue.inFlight(), "queue", queue.number())));
        scrape.counter(
                "gavel_packet_id_gaps",
                "Packets lost or failed open before they reached us.",
                queue -> queue.counters().gaps().value());
        scrape.counter(
                "gavel_truncated_packets",
                "Packets of which only a part was copied to us.",
                queue -> queue.counters().truncated().value());
        scrape.families.counter(
                "gavel_netlink_errors",
                "Errors that the kernel has answered, and overruns.",
                samples -> scrape.readings.forEach(queue -> queue.errors(samples)));
    }

    private static void kernel(Scrape scrape) {
        scrape.families.gauge(
                "gavel_kernel_queue_length",
                "Packets in the kernel that await a verdict.",
                samples -> scrape.readings.forEach(queue -> queue.kernelLength(samples)));
        scrape.families.gauge(
                "gavel_kernel_queue_max_length",
                "Packets that may wait in the kernel.",
                samples ->
                        scrape.readings.forEach(queue -> samples.sample(queue.maxLength(), "queue", queue.number())));
        scrape.families.counter(
                "gavel_kernel_packets_dropped",
                "Packets the kernel has dropped for want of room.",
                samples -> scrape.readings.forEach(queue -> queue.kernelDrops(samples)));
    }

    private static void histograms(Scrape scrape) {
        scrape.histogram(
                "gavel_verdict_latency_seconds",
                "From receive to verdict sent.",
                NANOS_PER_SECOND,
                queue -> queue.answered(VerdictCounters::latencyNs));
        scrape.histogram(
                "gavel_queue_wait_seconds",
                "From the kernel's stamp to receive, of packets that it has stamped.",
                NANOS_PER_SECOND,
                queue -> List.of(queue.counters().waitNs()));
        scrape.histogram(
                "gavel_receive_batch_packets",
                "Packets per receive.",
                1,
                queue -> List.of(queue.counters().batch()));
        scrape.histogram(
                "gavel_verdict_batch_packets",
                "Verdicts per send.",
                1,
                queue -> queue.answered(VerdictCounters::batch));
    }

    private void overloads(Scrape scrape) {
        List<String> policies = Stream.concat(
                        Stream.of(DAEMON),
                        engine.get().program().overloadVerdicts().stream().map(OverloadVerdict::policy))
                .toList();
        scrape.families.counter(
                "gavel_overload_verdicts", "Packets that could not be judged in time or at all.", samples -> {
                    for (String policy : policies) {
                        for (OverloadCause cause : OverloadCause.values()) {
                            samples.sample(scrape.overloads(policy, cause), "policy", policy, "cause", cause.word());
                        }
                    }
                });
        scrape.counter(
                "gavel_late_verdicts",
                "Packets judged after a verdict had gone out by deadline.",
                queue -> queue.sum(counters -> counters.late().value()));
    }

    /** The metric families of one scrape, and the values read from each queue. */
    private record Scrape(Families families, List<QueueReading> readings) {
        void counter(String name, String help, ToLongFunction<QueueReading> count) {
            families.counter(
                    name,
                    help,
                    samples -> readings.forEach(
                            queue -> samples.sample(count.applyAsLong(queue), "queue", queue.number())));
        }

        void histogram(String name, String help, double perUnit, Function<QueueReading, List<Distribution>> parts) {
            families.histogram(
                    name,
                    help,
                    perUnit,
                    histograms ->
                            readings.forEach(queue -> histograms.sample(parts.apply(queue), "queue", queue.number())));
        }

        long overloads(String policy, OverloadCause cause) {
            return readings.stream()
                    .mapToLong(queue -> queue.sum(counters -> counters.overloads(policy, cause)))
                    .sum();
        }
    }
}

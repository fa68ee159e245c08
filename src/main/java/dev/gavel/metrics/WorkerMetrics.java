package dev.gavel.metrics;

import dev.gavel.pipeline.Pipeline;

/** Metrics of the threads that judge packets. */
public final class WorkerMetrics extends Collector {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Pipeline pipeline;

    public WorkerMetrics(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    void addTo(Families families) {
        families.gauge(
                "gavel_worker_queue_packets",
                "Packets that wait for a worker or are judged by it.",
                samples ->
                        pipeline.workers().forEach(worker -> samples.sample(worker.held(), "worker", worker.name())));
        families.counter(
                "gavel_worker_busy_seconds",
                "Time in which a worker has judged.",
                samples -> pipeline.workers()
                        .forEach(
                                worker -> samples.sample(worker.busyNs() / NANOS_PER_SECOND, "worker", worker.name())));
    }
}

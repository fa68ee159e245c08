package dev.gavel.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/**
 * All {@code gavel_…} metrics, read from the counters at each scrape, so that judging a packet never looks up a series.
 */
public final class DaemonMetrics implements MultiCollector {
    private final List<Collector> collectors;

    /** The metrics that {@code collectors} add. */
    public DaemonMetrics(List<Collector> collectors) {
        this.collectors = List.copyOf(collectors);
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        collectors.forEach(collector -> collector.addTo(families));
        return families.build();
    }
}

package dev.gavel.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** All {@code gavel_…} metrics, read anew at each scrape: no series is ever looked up while a packet is judged. */
public final class DaemonMetrics implements MultiCollector {
    private final List<Collector> collectors;

    /** The metrics of what {@code collectors} read. */
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

package dev.gavel.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;

/** Metric that identifies the running build by version, revision and similar labels. */
public final class BuildMetrics extends Collector {
    private final Labels labels;

    /** {@code labels} are the labels of {@code gavel_build_info}. */
    public BuildMetrics(Map<String, String> labels) {
        this.labels = Families.labels(labels);
    }

    @Override
    void addTo(Families families) {
        families.info("gavel_build", "What runs here.", labels);
    }
}

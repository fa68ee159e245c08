package dev.gavel.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.function.Supplier;

/** Metrics of the pattern matcher and of its cache on disk. */
public final class MatcherMetrics extends Collector {
    private final Labels labels;
    private final Supplier<Map<String, Long>> cacheResults;

    /**
     * {@code labels} are those of {@code gavel_matcher_info}; {@code cacheResults} counts look-ups so far by result.
     */
    public MatcherMetrics(Map<String, String> labels, Supplier<Map<String, Long>> cacheResults) {
        this.labels = Families.labels(labels);
        this.cacheResults = cacheResults;
    }

    @Override
    void addTo(Families families) {
        families.counter(
                "gavel_matcher_cache",
                "Look-ups of compiled patterns in the cache on disk.",
                samples -> cacheResults.get().forEach((result, count) -> samples.sample(count, "result", result)));
        families.info("gavel_matcher", "What searches patterns.", labels);
    }
}

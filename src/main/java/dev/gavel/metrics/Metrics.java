package dev.gavel.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import org.jspecify.annotations.Nullable;

/** The registry that is scraped: the JVM's own meters, and {@link DaemonMetrics}. Any thread may scrape. */
public final class Metrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /** What a scraper gets. */
    public record Exposition(String contentType, String text) {}

    /** A registry of the JVM's meters and of what {@code daemon} collects at each scrape. */
    public Metrics(MultiCollector daemon) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        registry.getPrometheusRegistry().register(daemon);
    }

    /** All metrics, as OpenMetrics if {@code accept} (the HTTP header) asks for it, else as Prometheus' text. */
    public Exposition scrape(@Nullable String accept) {
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        return new Exposition(type, registry.scrape(type));
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}

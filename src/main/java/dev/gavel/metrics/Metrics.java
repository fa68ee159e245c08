package dev.gavel.metrics;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The registry that Prometheus scrapes: the JVM's own meters and {@link DaemonMetrics}. Any thread may scrape. */
public final class Metrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final int SIZE = 32 << 10; // bytes: enough for most scrapes with ten rules

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** The response to one scrape; the caller owns {@code body}. */
    @SuppressWarnings("ArrayRecordComponent") // written once, sent once, never compared
    public record Exposition(String contentType, byte[] body) {}

    /** A registry of the JVM's meters and of what {@code daemon} collects at each scrape. */
    public Metrics(MultiCollector daemon) {
        registry.config().meterFilter(MeterFilter.deny(meter -> isCostly(meter.getName())));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        ManagementFactory.getGarbageCollectorMXBeans().forEach(this::addPauses);
        registry.getPrometheusRegistry().register(daemon);
    }

    /**
     * Meters to leave out: they cause two fifths of a scrape's garbage. The CPU meters read some twenty control group
     * files each time, and the rate of process_cpu_time_ns_total gives the same information; the thread state meter
     * queries every thread.
     */
    private static boolean isCostly(String meter) {
        return meter.startsWith("system.") || meter.equals("process.cpu.usage") || meter.equals("jvm.threads.states");
    }

    /**
     * Replaces micrometer's binder, for which the JVM wakes a listener thread during each collection. On a busy core
     * the collecting thread may then wait many milliseconds for the core, while all other threads stand still.
     */
    private void addPauses(GarbageCollectorMXBean collector) {
        FunctionTimer.builder(
                        "jvm.gc.pause",
                        collector,
                        GarbageCollectorMXBean::getCollectionCount,
                        GarbageCollectorMXBean::getCollectionTime,
                        TimeUnit.MILLISECONDS)
                .description("Time of collections, in which the serial collector stops all threads")
                .tag("gc", collector.getName())
                .register(registry);
    }

    /** All metrics, as OpenMetrics if {@code accept} (the HTTP header) asks for it, else as Prometheus' text. */
    public Exposition scrape(@Nullable String accept) {
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        ByteArrayOutputStream body = new ByteArrayOutputStream(SIZE);
        try {
            registry.scrape(body, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to an array never fails
        }
        return new Exposition(type, body.toByteArray());
    }

    @Override
    public void close() {
        registry.close();
    }
}

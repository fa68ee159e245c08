package dev.gavel.daemon;

import dev.gavel.config.DaemonConfig;
import dev.gavel.metrics.Metrics;
import dev.gavel.web.StatusServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the metrics over HTTP. If the address is taken, the daemon still runs: the failure is logged once, and a
 * thread of this object tries to bind again every second. Any thread may close it.
 */
final class MetricsEndpoint implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetricsEndpoint.class.getName());
    private static final long RETRY_SECONDS = 1;

    private final DaemonConfig.Metrics config;
    private final Metrics metrics;
    private final StatusServer.Health health;
    private final ScheduledExecutorService retry = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "metrics-bind");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable StatusServer server;
    private boolean complained;

    MetricsEndpoint(DaemonConfig.Metrics config, Metrics metrics, StatusServer.Health health) {
        this.config = config;
        this.metrics = metrics;
        this.health = health;
    }

    /** Tries to bind the address now, and again every second until it succeeds. */
    synchronized void start() {
        if (retry.isShutdown()) {
            return; // closed while this waited for the lock
        }
        try {
            server = new StatusServer(new InetSocketAddress(config.host(), config.port()), metrics, health);
            LOG.log(System.Logger.Level.INFO, "metrics on http://" + config.host() + ":" + server.port() + "/metrics");
        } catch (IOException e) {
            if (!complained) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "no metrics: " + config.host() + ":" + config.port() + ": " + e.getMessage()
                                + "; set metrics.listen to a free address; it is tried again every second");
                complained = true;
            }
            Future<?> unused = retry.schedule(this::start, RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public synchronized void close() {
        retry.shutdownNow();
        if (server != null) {
            server.close();
        }
        metrics.close();
    }
}

package dev.gavel.daemon;

import dev.gavel.pipeline.Pipeline;
import dev.gavel.sys.ServiceManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Checks whether every thread of the pipeline advances, and notifies systemd's watchdog only while all of them do. Even
 * an idle thread counts ten turns a second. Runs on its own timer thread.
 */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final long LOOK_MS = 500;
    private static final long HANGS_NS = 3_000_000_000L;

    private final Pipeline pipeline;
    private final ServiceManager manager;
    private final long notifyNs;
    private final Map<String, Seen> seen = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Optional<String> hanging = Optional.empty();
    private long notifiedNs;

    /** A thread's last known count of turns, and the time when that count was first seen. */
    private record Seen(long turns, long sinceNs) {}

    Watchdog(Pipeline pipeline, ServiceManager manager) {
        this.pipeline = pipeline;
        this.manager = manager;
        notifyNs = TimeUnit.MICROSECONDS.toNanos(manager.watchdogMicros() / 2); // as sd_watchdog_enabled(3) advises
    }

    void start() {
        long periodMs = notifyNs == 0 ? LOOK_MS : Math.max(1, Math.min(LOOK_MS, notifyNs / 8_000_000));
        notifiedNs = System.nanoTime() - notifyNs;
        look();
        Future<?> unused = timer.scheduleAtFixedRate(this::look, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            lookAround();
        } catch (RuntimeException e) { // uncaught, it would stop the timer silently, with no log of why systemd acts
            LOG.log(System.Logger.Level.ERROR, "the watchdog could not check the threads", e);
        }
    }

    private void lookAround() {
        long now = System.nanoTime();
        Optional<String> found = Optional.empty();
        for (Pipeline.Progress progress : pipeline.progress()) {
            Seen last = seen.get(progress.name());
            if (last == null || last.turns() != progress.turns()) {
                seen.put(progress.name(), new Seen(progress.turns(), now));
            } else if (now - last.sinceNs() > hangsNs()) {
                found = Optional.of("thread " + progress.name() + " hangs");
            }
        }
        hanging = found;
        if (notifyNs > 0 && found.isEmpty() && now - notifiedNs >= notifyNs) {
            notifiedNs = now;
            manager.notify("WATCHDOG=1");
        }
    }

    /**
     * Longest time for which a thread may make no turn: 3 seconds, or half of systemd's watchdog interval if that is
     * shorter, but at least 0.25 seconds.
     */
    private long hangsNs() {
        return notifyNs == 0 ? HANGS_NS : Math.min(HANGS_NS, Math.max(250_000_000L, notifyNs));
    }

    /** Names the hanging thread, for messages; empty while every thread advances. Any thread may call it. */
    Optional<String> hanging() {
        return hanging;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

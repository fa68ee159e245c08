package dev.gavel.daemon;

import dev.gavel.assembly.EngineSetup;
import dev.gavel.assembly.EventSetup;
import dev.gavel.assembly.Loaded;
import dev.gavel.assembly.QueueSetup;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problem;
import dev.gavel.config.source.Problems;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.InspectorCounters;
import dev.gavel.events.Events;
import dev.gavel.match.Matchers;
import dev.gavel.metrics.DaemonMetrics;
import dev.gavel.metrics.Metrics;
import dev.gavel.metrics.Reloads;
import dev.gavel.nfqueue.KernelQueue;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.queue.PacketSource;
import dev.gavel.reject.RawRejector;
import dev.gavel.sys.ServiceManager;
import dev.gavel.sys.SyscallException;
import dev.gavel.web.StatusServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A running Gavel: bound queues, the pipeline over them, metrics, and what systemd is told. Made by the main thread. */
public final class Daemon {
    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);
    /** From the beginning of a stop; the contract's five seconds hold the end of the JVM too. */
    private static final Duration STOP_LIMIT = Duration.ofMillis(4500);

    private static final Duration RETIRE_LIMIT = Duration.ofSeconds(1);
    private static final long RETIRE_POLL_MS = 5;

    private final DaemonConfig config;
    private final Matchers matchers;
    private final List<Engine> retired = new ArrayList<>();
    private final ServiceManager manager;
    private final List<QueueSocket> sockets;
    private final RawRejector rejector;
    private final List<InspectorCounters> inspectors = new CopyOnWriteArrayList<>();
    private final Reloads reloads = new Reloads();
    private final Events events;
    private final Pipeline pipeline;
    private final Watchdog watchdog;
    private final MetricsEndpoint endpoint;
    private volatile Engine engine;

    /**
     * Binds the queues and starts to judge.
     *
     * @param build labels that say what runs here
     * @throws QueueBindException if one queue cannot be bound; none is then
     * @throws ConfigException if {@code matchers} refuse a pattern, or events that were asked for have nowhere to go; no
     *     queue is bound then
     */
    public Daemon(Loaded loaded, Matchers matchers, ServiceManager manager, Map<String, String> build)
            throws QueueBindException, ConfigException {
        config = loaded.config();
        this.matchers = matchers;
        this.manager = manager;
        warn(loaded);
        engine = loaded.engine(1, matchers);
        events = openEvents(loaded);
        sockets = bind(config.queues());
        rejector = new RawRejector(
                config.rejects().mark(),
                config.rejects().rate().count(),
                config.rejects().rate().perNs());
        int workers = config.workers()
                .orElseGet(() -> EngineSetup.workers(
                        sockets.size(),
                        Runtime.getRuntime().availableProcessors(),
                        !engine.program().searches().isEmpty()));
        pipeline = new Pipeline(
                List.<PacketSource>copyOf(sockets),
                engine,
                new Pipeline.Settings(
                        workers,
                        config.overload().deadlineNs(),
                        config.overload().verdict(),
                        this::inspector,
                        rejector,
                        events::listener));
        watchdog = new Watchdog(pipeline, manager);
        DaemonMetrics.Sources sources = new DaemonMetrics.Sources(
                pipeline,
                sockets,
                () -> engine,
                inspectors,
                rejector,
                reloads,
                events,
                build,
                Map.of("backend", matchers.backend(), "version", matchers.version()),
                matchers::cacheResults,
                config.metrics().maxRules());
        events.start(sockets.get(0).devices(), this::overloads, this::losses);
        pipeline.start(); // before the metrics, which take longest to come up: packets wait since the bind
        watchdog.start();
        endpoint = new MetricsEndpoint(config.metrics(), new Metrics(new DaemonMetrics(sources)), new DaemonHealth());
        endpoint.start();
        tell("READY=1\nSTATUS=" + summary());
        LOG.log(System.Logger.Level.INFO, summary());
    }

    private static void warn(Loaded loaded) {
        for (Problem warning : loaded.program().warnings()) {
            LOG.log(System.Logger.Level.WARNING, warning.toString());
        }
    }

    /** Without a file events are lost and counted: that stops the daemon only where a rule has {@code event}. */
    private static Events openEvents(Loaded loaded) throws ConfigException {
        DaemonConfig.Events asked = loaded.config().events();
        Events events = new Events(EventSetup.settings(loaded.config()));
        try {
            events.open();
        } catch (IOException e) {
            boolean wanted = loaded.program().rules().stream().anyMatch(rule -> rule.alert() != null);
            String message = "events cannot be written: " + e.getMessage()
                    + "; expected a file in a directory that is there: create it, or set events.file";
            if (wanted) {
                Problems problems = new Problems();
                problems.error(asked.place(), message);
                problems.throwIfErrors();
            }
            LOG.log(System.Logger.Level.WARNING, message);
        }
        return events;
    }

    private long overloads() {
        return pipeline.queues().stream()
                .flatMap(queue -> queue.counters().stream())
                .mapToLong(counters -> Arrays.stream(OverloadCause.values())
                        .mapToLong(counters::overloads)
                        .sum())
                .sum();
    }

    /** What came in with an id and did not reach us, and, where that may be read, what a full queue has refused. */
    private long losses() {
        long losses = 0;
        for (QueueSocket socket : sockets) {
            KernelQueue queue = KernelQueue.read(socket.number());
            losses += socket.counters().gaps.value() + (queue == null ? 0 : queue.fullDrops());
        }
        return losses;
    }

    private static List<QueueSocket> bind(List<QueueConfig> queues) throws QueueBindException {
        List<QueueSocket> bound = new ArrayList<>();
        try {
            for (QueueConfig queue : queues) {
                QueueSettings settings = QueueSetup.settings(queue);
                QueueSocket socket = QueueSocket.bind(settings);
                bound.add(socket);
                report(settings, socket);
            }
            return bound;
        } catch (QueueBindException | RuntimeException e) {
            bound.forEach(QueueSocket::close);
            throw e;
        }
    }

    private static void report(QueueSettings asked, QueueSocket socket) {
        LOG.log(
                System.Logger.Level.INFO,
                "queue " + asked.number() + ": bound, flags " + QueueFlag.words(socket.flags()) + ", receive buffer "
                        + socket.receiveBufferBytes() + " bytes");
        if (socket.receiveBufferBytes() / 2 < asked.receiveBufferBytes()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "queue " + asked.number() + ": the kernel has granted a receive buffer of "
                            + socket.receiveBufferBytes() / 2 + " of " + asked.receiveBufferBytes()
                            + " bytes; bursts may be lost: raise net.core.rmem_max, or run with CAP_NET_ADMIN in the"
                            + " first user namespace");
        }
        if (!socket.flags().containsAll(asked.flags())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "queue " + asked.number() + ": this kernel knows only the flags " + QueueFlag.words(socket.flags())
                            + " of " + QueueFlag.words(asked.flags()));
        }
    }

    private Inspector inspector() {
        Inspector inspector = new Inspector(engine, sockets.get(0).devices());
        inspectors.add(inspector.counters());
        return inspector;
    }

    /** A service manager that does not listen is no reason to stop judging. */
    private void tell(String state) {
        try {
            manager.notify(state);
        } catch (SyscallException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the service manager was not told " + state.replace('\n', ' ') + ": " + e.getMessage());
        }
    }

    private String summary() {
        return "judging " + config.queues().size() + " queue(s) with "
                + engine.program().rules().size() + " rule(s), generation " + engine.generation();
    }

    /** Compiles the policies anew; from its next batch on every thread judges by them. With an error the old ones stay. */
    void reload() throws InterruptedException {
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
        try {
            Engine old = engine;
            Loaded loaded = Loaded.reload(config, old.program());
            warn(loaded);
            engine = loaded.engine(old.generation() + 1, matchers);
            pipeline.use(engine);
            retired.add(old);
            reloads.succeeded();
            events.reloaded(engine.generation());
            LOG.log(System.Logger.Level.INFO, "reloaded: " + summary());
        } catch (ConfigException e) {
            keepOld(e.getMessage());
        } catch (RuntimeException | Error e) { // policies too large for the heap, or our bug: judging must go on
            keepOld(e.toString());
        }
        tell("READY=1\nSTATUS=" + summary());
        freeRetired();
    }

    private void keepOld(@Nullable String why) {
        reloads.failed();
        events.notReloaded(engine.generation(), String.valueOf(why));
        LOG.log(System.Logger.Level.ERROR, "not reloaded, generation " + engine.generation() + " stays:\n" + why);
    }

    /** Frees the generations that no thread uses any more; one that a stuck thread still uses waits for the next time. */
    private void freeRetired() throws InterruptedException {
        long deadline = System.nanoTime() + RETIRE_LIMIT.toNanos();
        while (!retired.isEmpty() && System.nanoTime() - deadline < 0) {
            retired.removeIf(old -> {
                boolean unused = pipeline.isUnused(old);
                if (unused) {
                    old.close();
                }
                return unused;
            });
            Thread.sleep(RETIRE_POLL_MS);
        }
    }

    /** Runs until a signal ends it or the pipeline fails; returns whether it ended as it should. */
    public boolean run(Signals signals) throws InterruptedException {
        Thread failure = new Thread(() -> awaitFailure(signals), "failure");
        failure.setDaemon(true);
        failure.start();
        while (true) {
            switch (signals.take()) {
                case HUP -> reload();
                case USR1 -> events.reopen();
                case TERM, INT -> {
                    return stop() && failure.isAlive();
                }
            }
        }
    }

    private void awaitFailure(Signals signals) {
        try {
            RuntimeException cause = pipeline.awaitFailure();
            LOG.log(System.Logger.Level.ERROR, "cannot go on: " + cause.getMessage(), cause);
            signals.raise(Signals.Signal.TERM);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Judges what waits, gives the queues back, and says what became of the packets; whether all were judged. */
    public boolean stop() throws InterruptedException {
        tell("STOPPING=1");
        long start = System.nanoTime();
        boolean drained = pipeline.drain(DRAIN_LIMIT);
        events.close(STOP_LIMIT.minusNanos(System.nanoTime() - start));
        if (!drained) {
            LOG.log(System.Logger.Level.ERROR, "packets were left in a queue when time was up: the kernel drops them");
        }
        List<Pipeline.Queue> queues = pipeline.queues();
        for (int i = 0; i < sockets.size(); i++) {
            long verdicts = queues.get(i).counters().stream()
                    .mapToLong(VerdictCounters::verdicts)
                    .sum();
            QueueSocket socket = sockets.get(i);
            LOG.log(
                    System.Logger.Level.INFO,
                    "queue " + socket.number() + ": received "
                            + socket.counters().packets.value() + ", verdicts " + verdicts + ", gaps "
                            + socket.counters().gaps.value());
        }
        watchdog.close();
        endpoint.close();
        rejector.close();
        return drained;
    }

    /** What supervisors ask for. */
    private final class DaemonHealth implements StatusServer.Health {
        @Override
        public Optional<String> unhealthy() {
            Optional<String> hanging = dead();
            if (hanging.isPresent()) {
                return hanging;
            }
            long deadlineNs = config.overload().deadlineNs();
            List<Pipeline.Queue> queues = pipeline.queues();
            for (int i = 0; i < queues.size(); i++) {
                long ageNs = queues.get(i).oldestAgeNs();
                if (ageNs > deadlineNs) {
                    return Optional.of("queue " + sockets.get(i).number() + ": a packet has waited for "
                            + ageNs / 1_000_000 + " ms, beyond its deadline of " + deadlineNs / 1_000_000 + " ms");
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> dead() {
            return watchdog.hanging();
        }
    }
}

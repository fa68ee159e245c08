package dev.gavel.daemon;

import dev.gavel.assembly.EngineSetup;
import dev.gavel.assembly.EventSetup;
import dev.gavel.assembly.Loaded;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.events.Events;
import dev.gavel.match.Matchers;
import dev.gavel.metrics.BoundQueue;
import dev.gavel.metrics.BuildMetrics;
import dev.gavel.metrics.Collector;
import dev.gavel.metrics.DaemonMetrics;
import dev.gavel.metrics.EngineMetrics;
import dev.gavel.metrics.EventMetrics;
import dev.gavel.metrics.MatcherMetrics;
import dev.gavel.metrics.Metrics;
import dev.gavel.metrics.QueueMetrics;
import dev.gavel.metrics.ReloadMetrics;
import dev.gavel.metrics.WorkerMetrics;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.queue.DeviceNames;
import dev.gavel.sys.ServiceManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Starts a daemon step by step. If a step throws, the earlier steps are undone in reverse order, so that nothing stays
 * bound, open or running. Used once, by the main thread. Each step is a separate method, so that a test can make it
 * fail; the steps that need the kernel are abstract.
 */
abstract class Startup {
    private static final System.Logger LOG = System.getLogger(Startup.class.getName());

    /**
     * Time limits after a failed start: this long for judging the packets already received, and as long again for their
     * events.
     */
    private static final Duration UNDO_LIMIT = Duration.ofSeconds(1);

    private final Loaded loaded;
    private final DaemonConfig config;
    private final Matchers matchers;
    private final ServiceManager manager;
    private final Map<String, String> build;
    private final Notices notices;
    private final UndoStack undos = new UndoStack();
    private boolean running; // true if threads of the pipeline may have been started

    /** Prepares a start; the parameters are those of {@link Daemon#start}. */
    Startup(Loaded loaded, Matchers matchers, ServiceManager manager, Map<String, String> build) {
        this.loaded = loaded;
        config = loaded.config();
        this.matchers = matchers;
        this.manager = manager;
        this.build = build;
        notices = new Notices(manager);
    }

    /** Runs all steps. If one throws, undoes the completed steps and rethrows. */
    final Daemon start() throws QueueBindException, ConfigException {
        try {
            return takeSteps();
        } catch (Throwable e) { // any failure ends the start and is rethrown
            undos.undo(e);
            throw e;
        }
    }

    private Daemon takeSteps() throws QueueBindException, ConfigException {
        Generations generations = loadPolicies();
        Events events = openEvents();
        List<OpenQueue> queues = bindQueues();
        Answers answers = openAnswers(config.rejects());
        undos.push("the raw sockets", answers.close()::run);
        Inspectors inspectors = new Inspectors(generations::current, () -> devices(queues));
        undos.push("the inspectors", inspectors::close);
        Pipeline pipeline = createPipeline(queues, generations, inspectors, answers, events);
        startEvents(events, pipeline, queues);
        startPipeline(pipeline); // before the slow start of the metrics: packets have waited since the bind
        Watchdog watchdog = startWatchdog(pipeline);
        List<BoundQueue> bound = queues.stream().map(OpenQueue::bound).toList();
        MetricsEndpoint endpoint = serve(
                List.of(
                        new QueueMetrics(pipeline, bound, generations::current),
                        new WorkerMetrics(pipeline),
                        new EngineMetrics(
                                generations::current,
                                inspectors.counters(),
                                config.metrics().maxRules()),
                        answers.metrics(),
                        new ReloadMetrics(generations.reloads()),
                        new EventMetrics(events),
                        new BuildMetrics(build),
                        new MatcherMetrics(
                                Map.of("backend", matchers.backend(), "version", matchers.version()),
                                matchers::cacheResults)),
                new DaemonHealth(pipeline, bound, watchdog, config.overload().deadlineNs()));
        announce(generations.summary());
        return new Daemon(
                notices,
                generations,
                events,
                pipeline,
                bound,
                List.of(watchdog::close, endpoint::close, answers.close()));
    }

    Generations loadPolicies() throws ConfigException {
        Generations generations = new Generations(loaded, matchers);
        undos.push("the compiled policies", generations::close);
        return generations;
    }

    /**
     * Opens the event file. If that fails, the start fails only if a rule asks for events; otherwise a warning is
     * logged.
     */
    Events openEvents() throws ConfigException {
        DaemonConfig.Events asked = config.events();
        Events events = new Events(EventSetup.settings(config));
        undos.push("the event file", () -> events.close(UNDO_LIMIT));
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

    private List<OpenQueue> bindQueues() throws QueueBindException {
        List<OpenQueue> queues = new ArrayList<>();
        for (QueueConfig queue : config.queues()) {
            OpenQueue open = bind(queue);
            // The pipeline may have closed the source already; a second close does nothing.
            undos.push("queue " + queue.number(), open.source()::close);
            queues.add(open);
        }
        return queues;
    }

    abstract OpenQueue bind(QueueConfig queue) throws QueueBindException;

    /** Opens the sockets that answer rejected packets. */
    abstract Answers openAnswers(DaemonConfig.Rejects rejects);

    Pipeline createPipeline(
            List<OpenQueue> queues, Generations generations, Inspectors inspectors, Answers answers, Events events) {
        int workers = config.workers()
                .orElseGet(() -> EngineSetup.workers(
                        queues.size(),
                        Runtime.getRuntime().availableProcessors(),
                        !generations.current().program().searches().isEmpty()));
        Pipeline pipeline = new Pipeline(
                queues.stream().map(OpenQueue::source).toList(),
                generations.current(),
                new Pipeline.Settings(
                        workers,
                        config.overload().deadlineNs(),
                        config.overload().verdict(),
                        inspectors,
                        answers.rejector(),
                        events::listener));
        inspectors.handOver();
        undos.push("the pipeline", () -> endPipeline(pipeline));
        return pipeline;
    }

    /**
     * Drains the pipeline. If a thread does not end in time, the remaining undo steps are dropped: whatever that thread
     * may still use stays open until the process exits, which is soon.
     */
    private void endPipeline(Pipeline pipeline) throws InterruptedException {
        try {
            pipeline.drain(running ? UNDO_LIMIT : Duration.ZERO);
        } finally {
            if (!pipeline.hasEnded()) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "after a failed start, a thread was left when time was up:"
                                + " the end of the process closes what is still open");
                undos.abandon();
            }
        }
    }

    /**
     * Names of network interfaces, for use by one thread. Any queue can supply them: all queues are bound in one
     * network namespace, and interface names belong to the namespace.
     */
    private static DeviceNames devices(List<OpenQueue> queues) {
        return queues.get(0).source().devices();
    }

    void startEvents(Events events, Pipeline pipeline, List<OpenQueue> queues) {
        events.start(
                devices(queues),
                () -> overloads(pipeline),
                () -> queues.stream().mapToLong(OpenQueue::losses).sum());
    }

    private static long overloads(Pipeline pipeline) {
        return pipeline.queues().stream()
                .flatMap(queue -> queue.counters().stream())
                .mapToLong(counters -> Arrays.stream(OverloadCause.values())
                        .mapToLong(counters::overloads)
                        .sum())
                .sum();
    }

    void startPipeline(Pipeline pipeline) {
        running = true; // set first, since start() may fail after some threads have started
        pipeline.start();
    }

    Watchdog startWatchdog(Pipeline pipeline) {
        Watchdog watchdog = new Watchdog(pipeline, manager);
        undos.push("the watchdog", watchdog::close);
        watchdog.start();
        return watchdog;
    }

    MetricsEndpoint serve(List<Collector> collectors, DaemonHealth health) {
        MetricsEndpoint endpoint =
                new MetricsEndpoint(config.metrics(), new Metrics(new DaemonMetrics(collectors)), health);
        undos.push("the metrics endpoint", endpoint::close);
        endpoint.start();
        return endpoint;
    }

    void announce(String summary) {
        notices.tell("READY=1\nSTATUS=" + summary);
        LOG.log(System.Logger.Level.INFO, summary);
    }
}

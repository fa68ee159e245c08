package dev.gavel.daemon;

import dev.gavel.assembly.Loaded;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.events.Events;
import dev.gavel.match.Matchers;
import dev.gavel.metrics.BoundQueue;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.sys.ServiceManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A running Gavel: its bound queues, the pipeline over them, its metrics and its messages to systemd. Started, run and
 * stopped by the main thread.
 */
public final class Daemon {
    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);
    /**
     * Time from the start of a stop to its end. The contract allows five seconds, which include the exit of the JVM.
     */
    private static final Duration STOP_LIMIT = Duration.ofMillis(4500);

    private final Notices notices;
    private final Generations generations;
    private final Events events;
    private final Pipeline pipeline;
    private final List<BoundQueue> queues;
    private final List<Runnable> closedLast;

    /**
     * {@code queues} are the pipeline's queues, in its order; {@code closedLast} runs after the last packet is judged.
     */
    Daemon(
            Notices notices,
            Generations generations,
            Events events,
            Pipeline pipeline,
            List<BoundQueue> queues,
            List<Runnable> closedLast) {
        this.notices = notices;
        this.generations = generations;
        this.events = events;
        this.pipeline = pipeline;
        this.queues = List.copyOf(queues);
        this.closedLast = List.copyOf(closedLast);
    }

    /**
     * Binds the queues and starts judging. If it throws, nothing stays bound, open or running.
     *
     * @param matchers compile the patterns of all generations
     * @param manager the service manager to notify; the caller closes it
     * @param build labels of the build metric, such as the version
     * @throws QueueBindException if one queue cannot be bound
     * @throws ConfigException if {@code matchers} reject a pattern, or a rule asks for events and the event file cannot
     *     be opened
     */
    public static Daemon start(Loaded loaded, Matchers matchers, ServiceManager manager, Map<String, String> build)
            throws QueueBindException, ConfigException {
        Startup startup = new Startup(loaded, matchers, manager, build) {
            @Override
            OpenQueue bind(QueueConfig queue) throws QueueBindException {
                return OpenQueue.bind(queue);
            }

            @Override
            Answers openAnswers(DaemonConfig.Rejects rejects) {
                return Answers.open(rejects);
            }
        };
        return startup.start();
    }

    /**
     * Runs until a signal or a failure of the pipeline stops the daemon. Returns true if all packets were judged and
     * the pipeline did not fail.
     */
    public boolean run(Signals signals) throws InterruptedException {
        Thread failure = new Thread(() -> awaitFailure(signals), "failure");
        failure.setDaemon(true);
        failure.start();
        while (true) {
            switch (signals.take()) {
                case HUP -> generations.reload(pipeline, events, notices);
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

    /**
     * Judges the waiting packets, closes the queues, and logs the counts of each queue. Returns whether all packets
     * were judged.
     */
    public boolean stop() throws InterruptedException {
        notices.tell("STOPPING=1");
        long start = System.nanoTime();
        boolean drained = pipeline.drain(DRAIN_LIMIT);
        events.close(STOP_LIMIT.minusNanos(System.nanoTime() - start));
        if (!drained) {
            LOG.log(System.Logger.Level.ERROR, "packets were left in a queue when time was up: the kernel drops them");
        }
        sumUp();
        closedLast.forEach(Runnable::run);
        return drained;
    }

    private void sumUp() {
        List<Pipeline.Queue> judged = pipeline.queues();
        for (int i = 0; i < queues.size(); i++) {
            BoundQueue queue = queues.get(i);
            long verdicts = judged.get(i).counters().stream()
                    .mapToLong(VerdictCounters::verdicts)
                    .sum();
            LOG.log(
                    System.Logger.Level.INFO,
                    "queue " + queue.number() + ": received "
                            + queue.counters().packets().value() + ", verdicts " + verdicts + ", gaps "
                            + queue.counters().gaps().value());
        }
    }
}

package dev.gavel.pipeline;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.packet.FlowHash;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import dev.gavel.queue.VerdictSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Readers and workers between packet sources and inspectors. Every packet that a source delivers gets exactly one
 * verdict, in the order of its flow. Made, started and drained by one thread; {@link #use} may be called by any.
 */
public final class Pipeline {
    private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());
    private static final int SLOTS = 256;
    private static final int MIN_LANE = 16;
    private static final long DRAIN_POLL_MS = 10;
    private static final int IDLE_POLLS = 25;

    /** A thread that does not hang turns within a receive's 100 ms. */
    private static final long END_MS = 500;

    /**
     * What a pipeline is made of.
     *
     * @param workers threads that judge; 0: each reader judges what it reads
     * @param deadlineNs what is not answered so long after it was received is answered unjudged
     * @param onFailure the verdict of a packet that could not be judged, or not in time
     * @param inspectors makes an inspector; called once for each thread that judges, and again if that thread dies
     * @param rejector answers rejected packets; used by all threads
     * @param listeners makes what hears of verdicts; called once for each thread that judges
     */
    public record Settings(
            int workers,
            long deadlineNs,
            Verdict onFailure,
            Supplier<Inspector> inspectors,
            Rejector rejector,
            Supplier<VerdictListener> listeners) {
        /** Settings for a pipeline that nobody listens to, whose threads may take an hour. */
        public Settings(int workers, Verdict onFailure, Supplier<Inspector> inspectors, Rejector rejector) {
            this(workers, Duration.ofHours(1).toNanos(), onFailure, inspectors, rejector, () -> VerdictListener.NONE);
        }
    }

    private final Settings settings;
    private final List<PacketSource> sources;
    private final List<List<Judge>> judgesOfSource = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<DutyCycle> judgings = new ArrayList<>();
    private final FailureLog failures = new FailureLog();
    private final Guardian guardian;
    private final CountDownLatch failure = new CountDownLatch(1);
    private volatile @Nullable RuntimeException cause;
    private volatile Engine engine;

    /** A pipeline over {@code sources}, which it closes at the end; it judges with {@code engine} first. */
    public Pipeline(List<PacketSource> sources, Engine engine, Settings settings) {
        this.sources = List.copyOf(sources);
        this.engine = engine;
        this.settings = settings;
        FlowHash flowHash = new FlowHash();
        if (settings.workers() == 0) {
            judgeOnReaders(flowHash);
        } else {
            judgeOnWorkers(flowHash, settings.workers());
        }
        List<StandIn> overrulings = judgesOfSource.stream()
                .flatMap(List::stream)
                .map(Judge::overruling)
                .toList();
        guardian = new Guardian(this, settings.deadlineNs(), overrulings, readers);
    }

    private void judgeOnReaders(FlowHash flowHash) {
        for (int i = 0; i < sources.size(); i++) {
            Judge judge = judge(sources.get(i), SLOTS, settings.listeners().get());
            judgesOfSource.add(List.of(judge));
            DutyCycle inline = judging(List.of(judge));
            readers.add(new Reader("reader-" + i, this, sources.get(i), judge, inline, flowHash, SLOTS));
        }
    }

    private void judgeOnWorkers(FlowHash flowHash, int count) {
        // All lanes of a reader hold half of its slots at most, so that a stuck worker cannot take them all.
        int slots = Math.max(SLOTS, 2 * MIN_LANE * count);
        int laneCapacity = Integer.highestOneBit(slots / 2 / count);
        List<VerdictListener> listeners =
                Stream.generate(settings.listeners()).limit(count).toList();
        for (PacketSource source : sources) {
            List<Judge> judges = new ArrayList<>();
            for (VerdictListener listener : listeners) {
                judges.add(judge(source, laneCapacity, listener));
            }
            judgesOfSource.add(judges);
        }
        for (int i = 0; i < count; i++) {
            int index = i;
            List<Judge> judges =
                    judgesOfSource.stream().map(ofSource -> ofSource.get(index)).toList();
            workers.add(new Worker("worker-" + i, this, judging(judges)));
        }
        for (int i = 0; i < sources.size(); i++) {
            Judge[] judges = judgesOfSource.get(i).toArray(Judge[]::new);
            readers.add(new Reader("reader-" + i, this, sources.get(i), judges, workers, flowHash, slots));
        }
    }

    private Judge judge(PacketSource source, int laneCapacity, VerdictListener listener) {
        // one judge answers all packets of its source; of several each answers some
        VerdictSink sink = settings.workers() <= 1 ? source.allVerdicts() : source.verdicts();
        return new Judge(new Lane(laneCapacity), sink, source::devices, settings, listener, failures, () -> engine);
    }

    private DutyCycle judging(List<Judge> judges) {
        DutyCycle judging = new DutyCycle(() -> engine, settings.inspectors(), judges);
        judgings.add(judging);
        return judging;
    }

    /** Starts all threads. */
    public void start() {
        workers.forEach(Agent::start);
        readers.forEach(Agent::start);
        guardian.start();
    }

    /** From its next batch on, each thread judges with {@code next}, whose generation is above all used so far. */
    public void use(Engine next) {
        engine = next;
    }

    /**
     * Whether no thread judges with {@code old} any more, or will, so that it may be closed. One that still judges with
     * an older generation may be about to take {@code old}.
     */
    public boolean isUnused(Engine old) {
        return judgings.stream().allMatch(judging -> judging.isBeyond(old));
    }

    /** Where threads report what does not stop the pipeline. */
    FailureLog failures() {
        return failures;
    }

    /** A thread cannot go on: the kernel has taken the queue away, or we have a bug outside of any one judgement. */
    void failed(RuntimeException e) {
        cause = e;
        failure.countDown();
    }

    /** Waits until the pipeline fails, and returns why; for ever if it does not. */
    public RuntimeException awaitFailure() throws InterruptedException {
        failure.await();
        return Objects.requireNonNull(cause);
    }

    /**
     * Lets nothing new into the queues, judges what waits, ends all threads and closes the sources.
     *
     * @param limit how long this may take; what is not judged by then is lost to the kernel's drop
     * @return whether everything that waited was answered
     */
    public boolean drain(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean stopped = stopQueueing();
        boolean drained = awaitEmpty(deadline) && stopped;
        boolean readersEnded = end(readers);
        boolean workersEnded = end(workers);
        boolean ended = end(List.of(guardian)) && workersEnded && readersEnded;
        if (ended) {
            sources.forEach(PacketSource::close);
            readers.forEach(Reader::release);
            judgings.forEach(DutyCycle::close);
        }
        return drained;
    }

    private boolean stopQueueing() {
        try {
            sources.forEach(PacketSource::stopQueueing);
            return true;
        } catch (RuntimeException e) { // what waits shall be judged all the same
            LOG.log(System.Logger.Level.ERROR, "a queue still takes packets in while it is drained", e);
            return false;
        }
    }

    /** Where the kernel does not tell how many wait, nobody has received or held anything for a while. */
    private boolean awaitEmpty(long deadline) throws InterruptedException {
        int idle = 0;
        long answered = -1;
        while (cause == null && System.nanoTime() - deadline < 0) {
            long before = answered;
            answered = queues().stream()
                    .flatMap(q -> q.counters().stream())
                    .mapToLong(VerdictCounters::verdicts)
                    .sum();
            int waiting =
                    sources.stream().mapToInt(PacketSource::waiting).reduce(0, (a, b) -> a < 0 || b < 0 ? -1 : a + b);
            idle = answered == before && unanswered() == 0 ? idle + 1 : 0;
            boolean empty = waiting < 0 ? idle > IDLE_POLLS : waiting == 0 && unanswered() == 0;
            if (empty) {
                return true;
            }
            Thread.sleep(DRAIN_POLL_MS);
        }
        return false;
    }

    private long unanswered() {
        return judgesOfSource.stream()
                .flatMap(List::stream)
                .mapToInt(judge -> judge.lane().unanswered())
                .sum();
    }

    /** False if one hangs: then nothing of what it may still use is given back. */
    private static boolean end(List<? extends Agent> agents) throws InterruptedException {
        agents.forEach(Agent::stop);
        boolean ended = true;
        for (Agent agent : agents) {
            if (!agent.join(END_MS)) {
                LOG.log(System.Logger.Level.WARNING, "thread " + agent.name() + " hangs, and is left behind");
                ended = false;
            }
        }
        return ended;
    }

    /** The queues, in the order of the sources, with what was answered to each. */
    public List<Queue> queues() {
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            queues.add(new Queue(sources.get(i), judgesOfSource.get(i)));
        }
        return queues;
    }

    /** The threads that judge, numbered from 0; readers that judge are workers. */
    public List<WorkerState> workers() {
        List<WorkerState> states = new ArrayList<>();
        for (DutyCycle judging : judgings) {
            states.add(new WorkerState(Integer.toString(states.size()), judging.held(), judging.busyNs()));
        }
        return states;
    }

    /** Packets in the hands of one thread that judges, and the time it has judged, in nanoseconds. */
    public record WorkerState(String name, int held, long busyNs) {}

    /** All threads by name, and how often each has turned: one that stands still for seconds hangs. */
    public List<Progress> progress() {
        List<Progress> all = new ArrayList<>();
        readers.forEach(reader -> all.add(new Progress(reader.name(), reader.turns())));
        workers.forEach(worker -> all.add(new Progress(worker.name(), worker.turns())));
        all.add(new Progress(guardian.name(), guardian.turns()));
        return all;
    }

    /** How often the thread {@code name} has turned. */
    public record Progress(String name, long turns) {}

    /** What goes on in one queue; any thread may ask. */
    public static final class Queue {
        private final PacketSource source;
        private final List<Judge> judges;

        Queue(PacketSource source, List<Judge> judges) {
            this.source = source;
            this.judges = judges;
        }

        public PacketSource source() {
            return source;
        }

        /** What was answered, by each thread that judges packets of this queue, and in its place. */
        public List<VerdictCounters> counters() {
            return judges.stream().flatMap(judge -> judge.counters().stream()).toList();
        }

        /** How long the oldest packet in our hands has waited, in nanoseconds; 0 if there is none. */
        public long oldestAgeNs() {
            long now = System.nanoTime();
            return judges.stream()
                    .mapToLong(judge -> judge.lane().oldestAgeNs(now))
                    .max()
                    .orElse(0);
        }
    }
}

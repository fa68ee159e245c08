package dev.gavel.pipeline;

import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Readers and workers between packet sources and inspectors. Every packet that a source delivers gets exactly one
 * verdict, in the order of its flow. Made, started and drained by one thread; {@link #use} may be called by any.
 */
public final class Pipeline {
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
            Supplier<VerdictListener> listeners) {}

    private final PipelineState state;
    private final Wiring wiring;

    /** A pipeline over {@code sources}, which it closes at the end; it judges with {@code engine} first. */
    public Pipeline(List<PacketSource> sources, Engine engine, Settings settings) {
        state = new PipelineState(engine, settings);
        wiring = new Wiring(sources, state);
    }

    /** Starts all threads. */
    public void start() {
        wiring.workers().forEach(Agent::start);
        wiring.readers().forEach(Agent::start);
        wiring.guardian().start();
    }

    /** From its next batch on, each thread judges with {@code next}, whose generation is above all used so far. */
    public void use(Engine next) {
        state.use(next);
    }

    /**
     * Whether no thread judges with {@code old} any more, or will, so that it may be closed. One that still judges with
     * an older generation may be about to take {@code old}.
     */
    public boolean isUnused(Engine old) {
        return wiring.dutyCycles().stream().allMatch(dutyCycle -> dutyCycle.isBeyond(old));
    }

    /** Waits until the pipeline fails, and returns why; for ever if it does not. */
    public RuntimeException awaitFailure() throws InterruptedException {
        return state.awaitFailure();
    }

    /**
     * Lets nothing new into the queues, judges what waits, ends all threads and closes the sources.
     *
     * @param limit how long this may take; what is not judged by then is lost to the kernel's drop
     * @return whether everything that waited was answered
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return new Drain(wiring, state).run(limit);
    }

    /** Whether no thread of it runs: before the start, and after a drain that left no thread behind. */
    public boolean hasEnded() {
        return wiring.readers().stream().noneMatch(Reader::isAlive)
                && wiring.workers().stream().noneMatch(Worker::isAlive)
                && !wiring.guardian().isAlive();
    }

    /** The queues, in the order of the sources, with what was answered to each. */
    public List<Queue> queues() {
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < wiring.sources().size(); i++) {
            queues.add(new Queue(wiring.sources().get(i), wiring.judgesOf(i)));
        }
        return queues;
    }

    /** The threads that judge, numbered from 0; readers that judge are workers. */
    public List<WorkerState> workers() {
        List<WorkerState> states = new ArrayList<>();
        for (DutyCycle dutyCycle : wiring.dutyCycles()) {
            states.add(new WorkerState(Integer.toString(states.size()), dutyCycle.held(), dutyCycle.busyNs()));
        }
        return states;
    }

    /** Packets in the hands of one thread that judges, and the time it has judged, in nanoseconds. */
    public record WorkerState(String name, int held, long busyNs) {}

    /** All threads by name, and how often each has turned: one that stands still for seconds hangs. */
    public List<Progress> progress() {
        List<Progress> all = new ArrayList<>();
        wiring.readers().forEach(reader -> all.add(new Progress(reader.name(), reader.turns())));
        wiring.workers().forEach(worker -> all.add(new Progress(worker.name(), worker.turns())));
        all.add(new Progress(wiring.guardian().name(), wiring.guardian().turns()));
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

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
 * The threads that take packets from their sources, have them judged, and send the verdicts. Every packet that a source
 * delivers gets exactly one verdict, and packets of a flow keep their order. Created, started and drained by one
 * thread; {@link #use} may be called by any.
 */
public final class Pipeline {
    /**
     * The configuration of a pipeline, and the factories of its parts.
     *
     * @param workers number of judging threads; 0: each reader judges the packets it receives
     * @param deadlineNs a packet not answered this long after it was received is answered without being judged
     * @param onFailure the verdict of a packet that could not be judged, or not in time
     * @param inspectors creates an inspector; called once for each judging thread, and again if that thread dies
     * @param rejector answers rejected packets; used by all threads
     * @param listeners creates a verdict listener; called once for each judging thread
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

    /** Creates a pipeline that reads {@code sources} and starts with {@code engine}. A drain closes the sources. */
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

    /**
     * Makes each thread judge with {@code next} from its next batch on. The generation of {@code next} must be higher
     * than all used so far.
     */
    public void use(Engine next) {
        state.use(next);
    }

    /**
     * Whether every judging thread uses an engine newer than {@code old}, so that {@code old} may be closed. A thread
     * that still uses an older engine may be about to switch to {@code old}.
     */
    public boolean isUnused(Engine old) {
        return wiring.dutyCycles().stream().allMatch(dutyCycle -> dutyCycle.isBeyond(old));
    }

    /** Waits until the pipeline fails, and returns the cause. Never returns if it does not fail. */
    public RuntimeException awaitFailure() throws InterruptedException {
        return state.awaitFailure();
    }

    /**
     * Stops the queues from taking in packets, judges those that wait, ends all threads and closes the sources.
     *
     * @param limit how long judging may take; the kernel drops packets still waiting after that
     * @return whether every waiting packet was answered
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return new Drain(wiring, state).run(limit);
    }

    /** Whether no thread of this pipeline runs: true before the start, and after a drain in which no thread hung. */
    public boolean hasEnded() {
        return wiring.readers().stream().noneMatch(Reader::isAlive)
                && wiring.workers().stream().noneMatch(Worker::isAlive)
                && !wiring.guardian().isAlive();
    }

    /** The queues, in the order of the sources, with their verdict counters. */
    public List<Queue> queues() {
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < wiring.sources().size(); i++) {
            queues.add(new Queue(wiring.sources().get(i), wiring.judgesOf(i)));
        }
        return queues;
    }

    /** The judging threads, named by number from 0. With {@code workers: 0} these are the readers. */
    public List<WorkerState> workers() {
        List<WorkerState> states = new ArrayList<>();
        for (DutyCycle dutyCycle : wiring.dutyCycles()) {
            states.add(new WorkerState(Integer.toString(states.size()), dutyCycle.held(), dutyCycle.busyNs()));
        }
        return states;
    }

    /**
     * State of one judging thread: the number of packets it holds, and the time it has spent judging, in nanoseconds.
     */
    public record WorkerState(String name, int held, long busyNs) {}

    /** The progress of all threads. A thread whose count stands still for seconds hangs. */
    public List<Progress> progress() {
        List<Progress> all = new ArrayList<>();
        wiring.readers().forEach(reader -> all.add(new Progress(reader.name(), reader.turns())));
        wiring.workers().forEach(worker -> all.add(new Progress(worker.name(), worker.turns())));
        all.add(new Progress(wiring.guardian().name(), wiring.guardian().turns()));
        return all;
    }

    /** The number of turns that the thread {@code name} has completed. */
    public record Progress(String name, long turns) {}

    /** The state of one queue. May be read by any thread. */
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

        /** The verdict counters of each thread that judges packets of this queue, and those of its stand-in. */
        public List<VerdictCounters> counters() {
            return judges.stream().flatMap(judge -> judge.counters().stream()).toList();
        }

        /** Age of the oldest packet that we hold, in nanoseconds; 0 if there is none. */
        public long oldestAgeNs() {
            long now = System.nanoTime();
            return judges.stream()
                    .mapToLong(judge -> judge.lane().oldestAgeNs(now))
                    .max()
                    .orElse(0);
        }
    }
}

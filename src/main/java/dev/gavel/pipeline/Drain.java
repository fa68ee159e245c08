package dev.gavel.pipeline;

import dev.gavel.queue.PacketSource;
import java.time.Duration;
import java.util.List;

/**
 * Shuts a pipeline down: stops the queues, waits until the packets held are judged, then ends all threads. Used once,
 * by one thread.
 */
final class Drain {
    private static final System.Logger LOG = System.getLogger(Drain.class.getName());
    private static final long POLL_MS = 10;
    private static final int IDLE_POLLS = 25;

    /** Time for a thread to end. A thread that does not hang completes a turn within the 100 ms of a receive. */
    private static final long END_MS = 500;

    private final Wiring wiring;
    private final PipelineState state;

    Drain(Wiring wiring, PipelineState state) {
        this.wiring = wiring;
        this.state = state;
    }

    /** Shuts the pipeline down, waiting at most {@code limit} for the queues to empty. True if they did in time. */
    boolean run(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean stopped = stopQueueing();
        boolean drained = awaitEmpty(deadline) && stopped;
        boolean readersEnded = end(wiring.readers());
        boolean workersEnded = end(wiring.workers());
        boolean ended = end(List.of(wiring.guardian())) && workersEnded && readersEnded;
        if (ended) {
            wiring.sources().forEach(PacketSource::close);
            wiring.readers().forEach(Reader::release);
            wiring.dutyCycles().forEach(DutyCycle::close);
        }
        return drained;
    }

    private boolean stopQueueing() {
        try {
            wiring.sources().forEach(PacketSource::stopQueueing);
            return true;
        } catch (RuntimeException e) { // packets already waiting are judged all the same
            LOG.log(System.Logger.Level.ERROR, "a queue still takes packets in while it is drained", e);
            return false;
        }
    }

    /**
     * Waits until no packet is left. If a source cannot tell how many packets wait, the queues count as empty once
     * nothing was answered or held for {@link #IDLE_POLLS} polls.
     */
    private boolean awaitEmpty(long deadline) throws InterruptedException {
        int idle = 0;
        long answered = -1;
        while (!state.hasFailed() && System.nanoTime() - deadline < 0) {
            long before = answered;
            answered = answered();
            int waiting = wiring.sources().stream()
                    .mapToInt(PacketSource::waiting)
                    .reduce(0, (a, b) -> a < 0 || b < 0 ? -1 : a + b);
            idle = answered == before && unanswered() == 0 ? idle + 1 : 0;
            boolean empty = waiting < 0 ? idle > IDLE_POLLS : waiting == 0 && unanswered() == 0;
            if (empty) {
                return true;
            }
            Thread.sleep(POLL_MS);
        }
        return false;
    }

    private long answered() {
        return wiring.judges()
                .flatMap(judge -> judge.counters().stream())
                .mapToLong(VerdictCounters::verdicts)
                .sum();
    }

    private long unanswered() {
        return wiring.judges().mapToInt(judge -> judge.lane().unanswered()).sum();
    }

    /**
     * Ends the threads of {@code agents}; false if one hangs. Memory that such a thread may still use is then never
     * freed.
     */
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
}

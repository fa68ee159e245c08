package dev.gavel.pipeline;

import dev.gavel.counters.Counter;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a thread that judges needs: its inspector, and a judge for each queue whose packets come to it. */
final class DutyCycle {
    private static final System.Logger LOG = System.getLogger(DutyCycle.class.getName());
    private static final long RETRY_NS = 1_000_000_000;

    private final PipelineState state;
    private final List<Judge> judges;
    private final Counter busyNs = new Counter();
    private volatile @Nullable Engine used;
    private Inspector inspector;
    private long retryNs = System.nanoTime();

    DutyCycle(PipelineState state, List<Judge> judges) {
        this.state = state;
        this.judges = List.copyOf(judges);
        inspector = state.settings().inspectors().get();
    }

    /** Judges what the lanes hold, a batch each, with the generation in force; returns how many packets. */
    int judge() {
        long start = System.nanoTime();
        if (start - retryNs >= 0) {
            use(state.engine(), start);
        }
        int count = 0;
        for (int i = 0; i < judges.size(); i++) { // an iterator would be an object a turn
            count += judges.get(i).judge(inspector);
        }
        if (count > 0) {
            busyNs.add(System.nanoTime() - start);
        }
        return count;
    }

    /** A thread that cannot make a generation ready judges on with the one that it has, and tries again later. */
    private void use(Engine engine, long now) {
        try {
            inspector.use(engine);
            used = engine;
        } catch (RuntimeException e) {
            retryNs = now + RETRY_NS;
            LOG.log(
                    System.Logger.Level.ERROR,
                    Thread.currentThread().getName() + " cannot judge with generation " + engine.generation()
                            + " and keeps its own; it tries again in a second",
                    e);
        }
    }

    /** Packets that wait or whose verdict is not sent. */
    boolean isBusy() {
        return held() > 0;
    }

    /** Answers all held packets unjudged, and starts again with a new inspector. */
    void recover() {
        judges.forEach(judge -> judge.giveUpHeld(inspector));
        inspector.close();
        inspector = state.settings().inspectors().get();
    }

    /**
     * Whether this thread judges with a newer generation than {@code old}, and so never with that again. Any thread.
     */
    boolean isBeyond(Engine old) {
        Engine now = used;
        return now != null && now.generation() > old.generation();
    }

    /** To be called when this thread has ended. */
    void close() {
        inspector.close();
    }

    /** Packets in all lanes. Any thread. */
    int held() {
        int held = 0;
        for (int i = 0; i < judges.size(); i++) {
            held += judges.get(i).lane().held();
        }
        return held;
    }

    /** Time spent with judging, in nanoseconds. Any thread. */
    long busyNs() {
        return busyNs.value();
    }
}

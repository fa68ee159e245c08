package dev.gavel.pipeline;

import dev.gavel.counters.Counter;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The work of one judging thread: its inspector, and one judge for each queue whose packets this thread handles.
 * Only that thread may call a method that does not say otherwise.
 */
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

    /** Judges up to one batch from each lane, with the engine in force; returns the number of packets judged. */
    int judge() {
        long start = System.nanoTime();
        if (start - retryNs >= 0) {
            use(state.engine(), start);
        }
        int count = 0;
        for (int i = 0; i < judges.size(); i++) { // an iterator would allocate an object in each turn
            count += judges.get(i).judge(inspector);
        }
        if (count > 0) {
            busyNs.add(System.nanoTime() - start);
        }
        return count;
    }

    /**
     * Switches to {@code engine}. If that fails, the thread goes on with its current engine and tries again after
     * {@link #RETRY_NS}.
     */
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

    /** Whether any lane holds a packet that is unjudged or whose verdict is not sent. */
    boolean isBusy() {
        return held() > 0;
    }

    /** Answers all held packets without judging them, and replaces the inspector. */
    void recover() {
        judges.forEach(judge -> judge.giveUpHeld(inspector));
        inspector.close();
        inspector = state.settings().inspectors().get();
    }

    /**
     * Whether this thread has switched to an engine newer than {@code old}, and so will never use {@code old} again.
     * Any thread.
     */
    boolean isBeyond(Engine old) {
        Engine now = used;
        return now != null && now.generation() > old.generation();
    }

    /** Frees the inspector. Call only after this thread has ended. */
    void close() {
        inspector.close();
    }

    /** Number of packets held in all lanes. Any thread. */
    int held() {
        int held = 0;
        for (int i = 0; i < judges.size(); i++) {
            held += judges.get(i).lane().held();
        }
        return held;
    }

    /** Time spent judging, in nanoseconds. Any thread. */
    long busyNs() {
        return busyNs.value();
    }
}

package dev.gavel.daemon;

import dev.gavel.metrics.BoundQueue;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.web.StatusServer;
import java.util.List;
import java.util.Optional;

/**
 * Answers the health checks of supervisors: are packets judged in time, and does every thread advance? Any thread may
 * call it.
 */
final class DaemonHealth implements StatusServer.Health {
    private final Pipeline pipeline;
    private final List<BoundQueue> queues;
    private final Watchdog watchdog;
    private final long deadlineNs;

    /** {@code queues} are the pipeline's queues, in its order; a packet may wait {@code deadlineNs} for its verdict. */
    DaemonHealth(Pipeline pipeline, List<BoundQueue> queues, Watchdog watchdog, long deadlineNs) {
        this.pipeline = pipeline;
        this.queues = List.copyOf(queues);
        this.watchdog = watchdog;
        this.deadlineNs = deadlineNs;
    }

    @Override
    public Optional<String> unhealthy() {
        Optional<String> hanging = dead();
        if (hanging.isPresent()) {
            return hanging;
        }
        List<Pipeline.Queue> judged = pipeline.queues();
        for (int i = 0; i < queues.size(); i++) {
            long ageNs = judged.get(i).oldestAgeNs();
            if (ageNs > deadlineNs) {
                return Optional.of("queue " + queues.get(i).number() + ": a packet has waited for " + ageNs / 1_000_000
                        + " ms, beyond its deadline of " + deadlineNs / 1_000_000 + " ms");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> dead() {
        return watchdog.hanging();
    }
}

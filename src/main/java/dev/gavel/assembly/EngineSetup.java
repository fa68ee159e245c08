package dev.gavel.assembly;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.MarkChange;
import dev.gavel.config.QueueConfig;
import dev.gavel.engine.EngineSettings;
import dev.gavel.engine.EngineSettings.AcceptAs;
import dev.gavel.queue.Verdict;
import java.util.HashMap;
import java.util.Map;

/** The engine and its workers, from the configuration. */
public final class EngineSetup {
    private static final int MAX_AUTO_WORKERS = 8;

    private EngineSetup() {}

    static EngineSettings settings(DaemonConfig config) {
        Map<Integer, AcceptAs> accepts = new HashMap<>();
        for (QueueConfig queue : config.queues()) {
            MarkChange mark = queue.repeatMark();
            if (mark != null) {
                accepts.put(queue.number(), new AcceptAs(Verdict.REPEAT, mark.value(), mark.mask()));
            } else if (queue.routeQueue().isPresent()) {
                Verdict route = new Verdict.Requeue(queue.routeQueue().getAsInt(), Verdict.NoListener.DROP);
                accepts.put(queue.number(), new AcceptAs(route, 0, 0));
            }
        }
        return new EngineSettings(
                config.rejects().mark(), config.malformed(), config.truncated(), config.fragments(), accepts);
    }

    /**
     * What {@code workers: auto} is: 0 where the readers alone keep the cores busy, or where a judgement costs less
     * than handing the packet over; else what the readers leave.
     *
     * @param searches whether the policies search in packets, and not in headers only
     */
    public static int workers(int queues, int cores, boolean searches) {
        return !searches || 2 * queues >= cores ? 0 : Math.min(MAX_AUTO_WORKERS, cores - queues);
    }
}

package dev.gavel.metrics;

import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import java.util.Set;

/**
 * The settings and counters of a bound queue, for metrics.
 *
 * @param settings the settings that were requested
 * @param flags those of the requested flags that the kernel accepted
 * @param counters the counters that the queue's reader thread writes
 */
public record BoundQueue(QueueSettings settings, Set<QueueFlag> flags, QueueCounters counters) {
    public BoundQueue {
        flags = Set.copyOf(flags);
    }

    /** The settings and counters of {@code socket}. */
    public static BoundQueue of(QueueSocket socket) {
        return new BoundQueue(socket.settings(), socket.flags(), socket.counters());
    }

    public int number() {
        return settings.number();
    }
}

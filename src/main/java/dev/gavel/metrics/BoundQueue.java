package dev.gavel.metrics;

import dev.gavel.nfqueue.QueueCounters;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import java.util.Set;

/**
 * What can be read of a bound queue.
 *
 * @param settings what was asked for
 * @param flags what the kernel has taken of the flags asked for
 * @param counters what its reader has seen
 */
public record BoundQueue(QueueSettings settings, Set<QueueFlag> flags, QueueCounters counters) {
    public BoundQueue {
        flags = Set.copyOf(flags);
    }

    /** The readable side of {@code socket}. */
    public static BoundQueue of(QueueSocket socket) {
        return new BoundQueue(socket.settings(), socket.flags(), socket.counters());
    }

    /** The queue's number. */
    public int number() {
        return settings.number();
    }
}

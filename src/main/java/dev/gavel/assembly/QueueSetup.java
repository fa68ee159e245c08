package dev.gavel.assembly;

import dev.gavel.config.QueueConfig;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import java.util.EnumSet;
import java.util.Set;

/** How a queue is bound, from the configuration. */
public final class QueueSetup {
    private QueueSetup() {}

    public static QueueSettings settings(QueueConfig queue) {
        Set<QueueFlag> flags = EnumSet.of(QueueFlag.UID_GID);
        if (queue.failOpen()) {
            flags.add(QueueFlag.FAIL_OPEN);
        }
        if (queue.gso()) {
            flags.add(QueueFlag.GSO);
        }
        int maxLength = (int) Math.min(queue.maxLength(), Integer.MAX_VALUE);
        return new QueueSettings(queue.number(), maxLength, queue.copyRange(), queue.receiveBufferBytes(), flags);
    }
}

package dev.gavel.daemon;

import dev.gavel.assembly.QueueSetup;
import dev.gavel.config.QueueConfig;
import dev.gavel.metrics.BoundQueue;
import dev.gavel.nfqueue.KernelQueue;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.queue.PacketSource;

/**
 * One queue that the daemon has bound. Immutable; closing {@code source} unbinds the queue.
 *
 * @param source delivers the queue's packets and takes their verdicts
 * @param bound the queue's settings and counters, for metrics
 */
record OpenQueue(PacketSource source, BoundQueue bound) {
    private static final System.Logger LOG = System.getLogger(OpenQueue.class.getName());

    /** Binds a queue in the calling thread's network namespace, and logs what the kernel has granted. */
    static OpenQueue bind(QueueConfig config) throws QueueBindException {
        QueueSettings settings = QueueSetup.settings(config);
        QueueSocket socket = QueueSocket.bind(settings);
        try {
            report(settings, socket);
            return new OpenQueue(socket, BoundQueue.of(socket));
        } catch (RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    private static void report(QueueSettings asked, QueueSocket socket) {
        LOG.log(
                System.Logger.Level.INFO,
                "queue " + asked.number() + ": bound, flags " + QueueFlag.words(socket.flags()) + ", receive buffer "
                        + socket.receiveBufferBytes() + " bytes");
        if (socket.receiveBufferBytes() / 2 < asked.receiveBufferBytes()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "queue " + asked.number() + ": the kernel has granted a receive buffer of "
                            + socket.receiveBufferBytes() / 2 + " of " + asked.receiveBufferBytes()
                            + " bytes; bursts may be lost: raise net.core.rmem_max, or run with CAP_NET_ADMIN in the"
                            + " first user namespace");
        }
        if (!socket.flags().containsAll(asked.flags())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "queue " + asked.number() + ": this kernel knows only the flags " + QueueFlag.words(socket.flags())
                            + " of " + QueueFlag.words(asked.flags()));
        }
    }

    /**
     * Number of lost packets: those that got an id but did not reach us, and, if we are allowed to read that count,
     * those that the kernel dropped because the queue was full.
     */
    long losses() {
        KernelQueue queue = KernelQueue.read(bound.number());
        return bound.counters().gaps().value() + (queue == null ? 0 : queue.fullDrops());
    }
}

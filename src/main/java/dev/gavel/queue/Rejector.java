package dev.gavel.queue;

/** Tells the endpoints of a rejected packet that it was refused. Called by the thread that judged the packet. */
@FunctionalInterface
public interface Rejector {
    /** Sends no answers. */
    Rejector SILENT = packet -> {};

    /**
     * Sends answers to the endpoints of {@code packet}, which was dropped. Never throws: failures to send are counted.
     */
    void reject(QueuedPacket packet);
}

package dev.gavel.queue;

/** Tells the ends of a rejected packet that it was refused. Called by the thread that judged it. */
@FunctionalInterface
public interface Rejector {
    /** Answers nobody. */
    Rejector SILENT = packet -> {};

    /** Answers the ends of {@code packet}, which was dropped. Never throws: what cannot be sent is counted. */
    void reject(QueuedPacket packet);
}

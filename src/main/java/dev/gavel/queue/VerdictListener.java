package dev.gavel.queue;

/**
 * Called for every packet that gets a verdict. Each judging thread has its own listener, so that no thread waits for
 * another.
 */
@FunctionalInterface
public interface VerdictListener {
    /** A listener that does nothing. */
    VerdictListener NONE = (packet, judged) -> {};

    /**
     * Called after the verdict of {@code packet} is sent. Never throws, waits or allocates; must not retain either
     * argument.
     */
    void judged(QueuedPacket packet, Decision judged);
}

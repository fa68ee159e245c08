package dev.gavel.queue;

/** Hears of every packet that gets a verdict. Each thread that judges has its own, so that none waits for another. */
@FunctionalInterface
public interface VerdictListener {
    /** Does not listen. */
    VerdictListener NONE = (packet, judged) -> {};

    /** {@code packet} has its verdict. Never throws, waits or allocates; must not retain either argument. */
    void judged(QueuedPacket packet, Decision judged);
}

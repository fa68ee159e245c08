package dev.gavel.queue;

/**
 * Collects verdicts for one queue with {@code add}, and sends them to the kernel, in order, with {@code flush}. Used by
 * one thread at a time.
 */
public interface VerdictSink {
    /** The number of verdicts that any sink can hold between two flushes; callers must not add more. */
    int CAPACITY = 64;

    /** The number of verdicts added since the last flush. */
    int size();

    /** Adds a verdict that leaves the packet's mark as it is. */
    void add(int packetId, Verdict verdict);

    /** Adds a verdict that also replaces the packet's mark. */
    void add(int packetId, Verdict verdict, int mark);

    /** Discards the verdicts that were added but not sent. */
    void clear();

    /**
     * Sends the verdicts that were added. The kernel reinjects the packets within this call, so the call also takes the
     * time of their remaining path through the network stack.
     *
     * @throws java.io.UncheckedIOException if the kernel refuses the whole message; the queue is then lost
     */
    void flush();
}

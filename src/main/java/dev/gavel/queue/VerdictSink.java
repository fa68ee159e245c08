package dev.gavel.queue;

/**
 * Where verdicts are left for one queue: collected by {@code add}, given to the kernel in order by
 * {@code flush}. Used by one thread at a time.
 */
public interface VerdictSink {
    /** Verdicts that any sink can hold between two flushes; more must not be added. */
    int CAPACITY = 64;

    /** Verdicts added since the last flush. */
    int size();

    /** Adds a verdict that leaves the packet's mark as it is. */
    void add(int packetId, Verdict verdict);

    /** Adds a verdict that also sets the packet's whole mark. */
    void add(int packetId, Verdict verdict, int mark);

    /** Forgets what was added and not sent. */
    void clear();

    /**
     * Sends what was added. The kernel reinjects the packets within this call, so it costs what the rest of their way
     * through the network stack costs.
     *
     * @throws java.io.UncheckedIOException if the kernel refuses the whole message: the queue is lost
     */
    void flush();
}

package dev.gavel.queue;

/** Brings packets: a kernel queue or a capture file. One thread at a time receives; any may ask for its own sink. */
public interface PacketSource extends AutoCloseable {
    /** What {@link #receive} returns when there will never be another packet. */
    int END = -1;

    /**
     * Fills the first of {@code slots} with the next packets, in order; their bytes go to the slots' own memory. Waits
     * a bounded time (100 ms at most) for the first packet, and for no other.
     *
     * @param slots free slots; the caller keeps them untouched meanwhile
     * @param count how many of them may be filled, at least 1
     * @return packets received; 0 if none came in time; {@link #END}
     */
    int receive(QueuedPacket[] slots, int count);

    /** As {@link #receive}, but does not wait. */
    int poll(QueuedPacket[] slots, int count);

    /** A new sink for the verdicts of the calling thread; of no use any more once this source is closed. */
    VerdictSink verdicts();

    /**
     * As {@link #verdicts}, for a caller that answers all packets of this source, in the order in which they were
     * received: equal verdicts in a row may then cost less.
     */
    default VerdictSink allVerdicts() {
        return verdicts();
    }

    /** Device names for the packets of this source. */
    DeviceNames devices();

    /** Tells the source to take in nothing new; what waits can still be received. */
    void stopQueueing();

    /** Packets that still wait for a verdict, in our hands or not; -1 if that cannot be known. */
    int waiting();

    /** Gives the source back: whatever still waits is lost. Idempotent. */
    @Override
    void close();
}

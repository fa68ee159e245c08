package dev.gavel.queue;

/**
 * A source of packets: a kernel queue or a capture file. One thread at a time receives; any thread may create a sink
 * for its own verdicts.
 */
public interface PacketSource extends AutoCloseable {
    /** Result of {@link #receive} and {@link #poll} when there will never be another packet. */
    int END = -1;

    /**
     * Fills slots with the next packets, in order, from the start of {@code slots}; the bytes are stored in each slot's
     * own memory. Waits at most 100 ms for the first packet, and does not wait for further ones.
     *
     * @param slots free slots; the caller does not touch them during the call
     * @param count how many of the slots may be filled, at least 1
     * @return the number of packets received; 0 if none came in time; {@link #END}
     */
    int receive(QueuedPacket[] slots, int count);

    /** Like {@link #receive}, but does not wait. */
    int poll(QueuedPacket[] slots, int count);

    /** Creates a sink for the verdicts of the calling thread; unusable once this source is closed. */
    VerdictSink verdicts();

    /**
     * As {@link #verdicts}, for a caller that answers all packets of this source, in the order in which they were
     * received: consecutive equal verdicts may then be sent at a lower cost.
     */
    default VerdictSink allVerdicts() {
        return verdicts();
    }

    /** The lookup of device names for the packets of this source. */
    DeviceNames devices();

    /** Stops the source from taking in new packets; packets that already wait can still be received. */
    void stopQueueing();

    /** The number of packets that wait for a verdict, whether received or not; -1 if it cannot be known. */
    int waiting();

    /** Closes the source; packets that still wait are lost. Idempotent. */
    @Override
    void close();
}

package dev.gavel.policy.facts;

import dev.gavel.match.Hits;
import dev.gavel.queue.QueuedPacket;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one packet. Implemented once, by the engine; belongs to the thread that judges. No method allocates,
 * and none throws if the field is of the kind that the method is for.
 */
public interface Facts {
    /** {@link #number} of a field that the packet does not have. */
    long ABSENT = QueuedPacket.ABSENT;
    /** {@link #number} of a field that the packet may still turn out to have. */
    long OPEN = -2;

    /**
     * Whether the packet has the field, and its number. {@link #ABSENT}; {@link #OPEN}; else, by kind: the unsigned
     * value of a number, word or MAC address; 0 or 1 for a boolean; 4 or 6, the IP version, for an address; the length
     * of bytes; for a text any number that is not negative.
     */
    long number(Field field);

    /** When the packet was received, in nanoseconds; all packets are timed by the same clock, whichever it is. */
    long receivedNs();

    /** The upper 64 bits of an IPv6 address; 0 for IPv4. Precondition: the packet has the field. */
    long addressHigh(Field field);

    /** The lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address, unsigned. Precondition as above. */
    long addressLow(Field field);

    /** The value of a text. Precondition: the packet has the field. */
    String text(Field field);

    /**
     * Whether a pattern is found, by its index in search {@code search} of {@code Program.searches}. FALSE if the
     * field is absent; OPEN if bytes that we did not receive could add or remove the match.
     */
    Truth hit(int search, int pattern);

    /**
     * A superset of the patterns of search {@code search} for which {@link #hit} is not FALSE; null if bytes are
     * missing, so that any pattern may be one of them. Valid until the next packet.
     */
    @Nullable
    Hits hits(int search);
}

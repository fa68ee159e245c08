package dev.gavel.policy.facts;

import dev.gavel.match.Hits;
import dev.gavel.queue.QueuedPacket;
import org.jspecify.annotations.Nullable;

/**
 * The fields and pattern hits of one packet. Implemented only by the engine; belongs to the thread that judges the
 * packet. No method allocates, and none throws if called with a field of a suitable kind.
 */
public interface Facts {
    /** Result of {@link #number} if the packet does not have the field. */
    long ABSENT = QueuedPacket.ABSENT;
    /** Result of {@link #number} if it is not known yet whether the packet has the field. */
    long OPEN = -2;

    /**
     * The field's value as a number, or {@link #ABSENT} or {@link #OPEN}. The meaning depends on the kind of field: the
     * unsigned value of a number, word or MAC address; 0 or 1 for a boolean; the IP version, 4 or 6, for an address;
     * the length of bytes; any non-negative number for a text.
     */
    long number(Field field);

    /** Time of receipt in nanoseconds. All packets use the same clock, but which clock is not defined. */
    long receivedNs();

    /** The upper 64 bits of an IPv6 address; 0 for IPv4. Precondition: the packet has the field. */
    long addressHigh(Field field);

    /**
     * The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address, unsigned. Precondition: the packet has
     * the field.
     */
    long addressLow(Field field);

    /** The value of a text. Precondition: the packet has the field. */
    String text(Field field);

    /**
     * Whether pattern number {@code pattern} of search number {@code search} of {@code Program.searches} is found.
     * FALSE if the field is absent; OPEN if bytes that we did not receive could add or remove the match.
     */
    Truth hit(int search, int pattern);

    /**
     * The patterns of search {@code search} for which {@link #hit} may be TRUE or OPEN. May contain other patterns too.
     * Null if bytes are missing, so that any pattern might match. Valid until the next packet.
     */
    @Nullable
    Hits hits(int search);
}

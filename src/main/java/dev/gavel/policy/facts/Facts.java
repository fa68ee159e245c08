package dev.gavel.policy.facts;

import dev.gavel.match.Hits;
import dev.gavel.queue.QueuedPacket;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one packet. Implemented once, by the engine; belongs to the thread that judges. No method
 * allocates or throws for a field of the kind it is for.
 */
public interface Facts {
    /** {@link #number} of a field that the packet does not have. */
    long ABSENT = QueuedPacket.ABSENT;
    /** {@link #number} of a field that can still turn up. */
    long OPEN = -2;

    /**
     * Of any field, whether it is there: {@link #ABSENT}, {@link #OPEN}, else not negative, and for numbers, words and
     * MAC addresses the value, unsigned; for booleans 0 or 1; for addresses the IP version, 4 or 6; for bytes their
     * length; for text any.
     */
    long number(Field field);

    /** When the packet was received, in nanoseconds of any clock that is the same for all packets. */
    long receivedNs();

    /** The upper 64 bits of an IPv6 address that is there; 0 of an IPv4 address. */
    long addressHigh(Field field);

    /** The lower 64 bits of an address that is there; an IPv4 address is its 32 bits, unsigned. */
    long addressLow(Field field);

    /** A text that is there. */
    String text(Field field);

    /**
     * Whether pattern {@code pattern} of search {@code search} of {@code Program.searches} is found: FALSE if the field is
     * absent, OPEN if bytes that we did not receive could add or remove the match.
     */
    Truth hit(int search, int pattern);

    /**
     * The patterns of search {@code search} for which {@link #hit} is not FALSE, perhaps with others. Null if bytes that
     * we did not receive could add any of them. Overwritten with the next packet.
     */
    @Nullable
    Hits hits(int search);
}

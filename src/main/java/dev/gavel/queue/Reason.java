package dev.gavel.queue;

import java.util.Locale;

/** Why a packet got its verdict: the {@code reason} of metrics, events and replay. */
public enum Reason {
    /** A rule that this packet matched decided. */
    RULE,
    /** A rule that matched an earlier packet of the flow decided; the flow remembers its verdict. */
    FLOW,
    /** The default of a policy or of the daemon decided. */
    DEFAULT,
    /** Nothing is decided yet: a rule would block, but an earlier rule that is still open may pass the flow. */
    PENDING,
    /** The packet is neither IPv4 nor IPv6; kernel queues do not deliver such packets. */
    NOT_IP,
    /** The headers are inconsistent or incomplete. */
    MALFORMED,
    /** A rule needs bytes that the kernel did not copy to us. */
    TRUNCATED,
    /** The packet is a fragment after the first, and the configuration drops those. */
    FRAGMENT,
    CONFLICT,
    MIDSTREAM,
    FLOWS_FULL,
    STREAMS_FULL,
    /** The packet was not judged by its deadline. */
    OVERLOAD,
    /** Judging the packet ended in an exception. */
    ERROR,
    /** The packet was still held when the daemon stopped. */
    SHUTDOWN,
    /** The packet is our own forged answer, or came back after a repeat, and passes unjudged. */
    OWN;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word used in metrics, events and replay, such as {@code not-ip}. */
    public String word() {
        return word;
    }
}

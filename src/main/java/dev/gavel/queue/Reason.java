package dev.gavel.queue;

import java.util.Locale;

/** Why a packet got its verdict: the {@code reason} of metrics, events and replay. */
public enum Reason {
    /** This packet met a rule. */
    RULE,
    /** By a rule that the packet's flow remembers. */
    FLOW,
    /** By a policy's default, or the daemon's. */
    DEFAULT,
    /** Blocked unless a rule that is still open passes the flow. */
    PENDING,
    /** Not IPv4 or IPv6: no queue would see it. */
    NOT_IP,
    /** Headers that lie or are cut off. */
    MALFORMED,
    /** A rule needs bytes that were not copied to us. */
    TRUNCATED,
    /** A fragment that the fragment policy decided. */
    FRAGMENT,
    CONFLICT,
    MIDSTREAM,
    FLOWS_FULL,
    STREAMS_FULL,
    /** Past its deadline. */
    OVERLOAD,
    /** The judgement failed with an exception. */
    ERROR,
    /** Held when the daemon stopped. */
    SHUTDOWN,
    /** Our own forged answer, or a repeated packet that came back: passed unjudged. */
    OWN;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As metrics, events and replay write it: {@code not-ip}. */
    public String word() {
        return word;
    }
}

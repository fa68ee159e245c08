package dev.gavel.policy.facts;

/**
 * What a program asks of a packet. Other names of the language ({@code ip.addr}, {@code tcp.dst_port}, {@code
 * tcp.flags.syn}) are compiled to these.
 */
public enum Field {
    QUEUE(Kind.NUMBER),
    /** The number of {@link dev.gavel.queue.Hook#ofNumber}. */
    HOOK(Kind.WORD),
    IN_IFACE(Kind.TEXT),
    OUT_IFACE(Kind.TEXT),
    /** Unsigned; 0 if unset. */
    MARK(Kind.NUMBER),
    UID(Kind.NUMBER),
    GID(Kind.NUMBER),
    /** Of the whole packet in bytes, from the IP header on, also of those that were not copied. */
    LENGTH(Kind.NUMBER),
    GSO(Kind.BOOLEAN),
    SRC_MAC(Kind.MAC),
    VLAN_ID(Kind.NUMBER),
    IP_SRC(Kind.ADDRESS),
    IP_DST(Kind.ADDRESS),
    /** 4 or 6. */
    IP_VERSION(Kind.NUMBER),
    /** By IANA's numbers; of IPv6 the protocol behind the extension headers. */
    IP_PROTO(Kind.NUMBER),
    /** Time to live, or hop limit. */
    IP_TTL(Kind.NUMBER),
    IP_DSCP(Kind.NUMBER),
    IP_ECN(Kind.NUMBER),
    /** Whether the packet is a fragment, first or later. */
    IP_FRAGMENT(Kind.BOOLEAN),
    /** Whether there are IPv4 options or IPv6 extension headers. */
    IP_OPTIONS(Kind.BOOLEAN),
    /** Of TCP, UDP or SCTP. */
    SRC_PORT(Kind.NUMBER),
    /** Of TCP, UDP or SCTP. */
    DST_PORT(Kind.NUMBER),
    TCP(Kind.BOOLEAN),
    UDP(Kind.BOOLEAN),
    /** ICMP of either IP version. */
    ICMP(Kind.BOOLEAN),
    SCTP(Kind.BOOLEAN),
    /** The eight control bits of the TCP header, from FIN = 1 to CWR = 0x80 (RFC 9293, 3.1). */
    TCP_FLAGS(Kind.NUMBER),
    /** As sent, not scaled. */
    TCP_WINDOW(Kind.NUMBER),
    ICMP_TYPE(Kind.NUMBER),
    ICMP_CODE(Kind.NUMBER),
    /** From the IP header on. */
    PACKET(Kind.BYTES),
    /** What TCP, UDP, SCTP, ICMP (behind its first 8 bytes) or another protocol carries; absent in later fragments. */
    PAYLOAD(Kind.BYTES);

    private final Kind kind;

    Field(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

package dev.gavel.packet;

/** Who is told that a packet was refused: by a TCP reset for TCP, by an ICMP port unreachable else. */
public enum Answerable {
    NONE,
    TO_SENDER,
    TO_BOTH;

    /**
     * None to what is no whole header, a later fragment, a reset or an ICMP error, whose checksum is wrong, or where
     * one of the addresses is not a single host's (RFC 9293, 3.10.7.1; RFC 1122, 3.2.2; RFC 4443, 2.4). The broadcast
     * addresses of subnets cannot be known here. A checksum that cannot be verified counts as right.
     */
    public static Answerable to(PacketView view, ChecksumState checksum) {
        if (!view.hasPayload() || !isBetweenHosts(view)) {
            return NONE;
        }
        if (checksum == ChecksumState.COMPLETE && Checksum.isWrong(view)) {
            return NONE;
        }
        if (view.isTcp()) {
            return toSegment(view.tcpFlags());
        }
        return view.isIcmp() && !Icmp.isAnswerable(view.version(), view.icmpType()) ? NONE : TO_SENDER;
    }

    public boolean toSender() {
        return this != NONE;
    }

    public boolean toReceiver() {
        return this == TO_BOTH;
    }

    private static Answerable toSegment(int flags) {
        if ((flags & Tcp.RST) != 0) {
            return NONE;
        }
        // The receiver of a SYN has no connection yet that a reset could end.
        return (flags & (Tcp.SYN | Tcp.ACK)) == Tcp.SYN ? TO_SENDER : TO_BOTH;
    }

    private static boolean isBetweenHosts(PacketView view) {
        if (view.version() == 4) {
            return isHostIpv4(view.sourceLow()) && isHostIpv4(view.destinationLow());
        }
        return isHostIpv6(view.sourceHigh(), view.sourceLow())
                && isHostIpv6(view.destinationHigh(), view.destinationLow());
    }

    /** Not of 0.0.0.0/8 ("this network"), 224.0.0.0/4 (multicast), 240.0.0.0/4 (reserved; the broadcast address). */
    private static boolean isHostIpv4(long address) {
        long firstByte = address >>> 24;
        return firstByte > 0 && firstByte < 224;
    }

    private static boolean isHostIpv6(long high, long low) {
        boolean isUnspecified = high == 0 && low == 0;
        boolean isMulticast = high >>> 56 == 0xff;
        return !isUnspecified && !isMulticast;
    }
}

package dev.gavel.packet;

/** What the types of ICMP (RFC 792) and ICMPv6 (RFC 4443) mean, as far as decoding and answering care. */
final class Icmp {
    static final int UNREACHABLE = 3;
    static final int PORT_UNREACHABLE = 3;
    static final int V6_UNREACHABLE = 1;
    static final int V6_PORT_UNREACHABLE = 4;

    private Icmp() {}

    /** Request or reply: those whose identifier names a flow. */
    static boolean isEcho(int version, int type) {
        return version == 4 ? type == 0 || type == 8 : type == 128 || type == 129;
    }

    /**
     * Whether a message may be answered by an ICMP error: no error, no redirect (RFC 1122, 3.2.2; RFC 4443, 2.4e), and
     * in IPv4, where the number does not tell, nothing unknown.
     */
    static boolean isAnswerable(int version, int type) {
        if (version == 6) {
            return type >= 128 && type != 137;
        }
        return switch (type) {
            case 0, 8, 9, 10, 13, 14, 15, 16, 17, 18 -> true;
            default -> false;
        };
    }
}

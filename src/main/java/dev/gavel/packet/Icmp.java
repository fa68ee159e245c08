package dev.gavel.packet;

/** What the types of ICMP (RFC 792) and ICMPv6 (RFC 4443) mean, as far as decoding and answering care. */
final class Icmp {
    private Icmp() {}

    /** Request or reply: those whose identifier names a flow. */
    static boolean isEcho(int version, int type) {
        return version == 4 ? type == 0 || type == 8 : type == 128 || type == 129;
    }
}

package dev.gavel.packet;

/** Control bits of TCP (RFC 9293, 3.1), as in {@link PacketView#tcpFlags}, and what they count. */
final class Tcp {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 0x10;

    private Tcp() {}

    /** How far a segment advances the sequence number: SYN and FIN count as a byte each. */
    static int sequenceLength(int flags, int payloadLength) {
        return payloadLength + ((flags & SYN) != 0 ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
    }
}

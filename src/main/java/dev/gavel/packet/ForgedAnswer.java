package dev.gavel.packet;

import io.netty.buffer.ByteBuf;

/**
 * The bytes of what tells the ends of a packet that it was refused: whole IP packets, checksums included, as if the
 * other end had sent them. Written from index 0 of the caller's buffer, whose own indices stay as they are. {@link
 * Answerable} says which are in place.
 */
public final class ForgedAnswer {
    /** No answer is longer, in bytes: the least MTU of IPv6. */
    public static final int MAX_LENGTH = 1280;

    private static final int MAX_LENGTH_IPV4 = 576; // RFC 1812, 4.3.2.3
    private static final int TTL = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int TCP_HEADER = 20;
    private static final int TCP_HEADER_WORDS = 5;
    private static final int ICMP_HEADER = 8;

    private ForgedAnswer() {}

    /**
     * Writes the reset that {@code segment}'s sender could have sent in its place. It has the one sequence number that
     * RFC 5961 (3.2) accepts if the segment was the next one, and the acknowledgment that ends a handshake.
     *
     * @return length of the packet in {@code out}
     * @throws IllegalArgumentException if {@code segment} is not TCP
     */
    public static int writeResetToReceiver(ByteBuf out, PacketView segment) {
        int header = writeIpFromSender(out, segment, tcp(segment), TCP_HEADER);
        out.setShort(header, segment.sourcePort());
        out.setShort(header + 2, segment.destinationPort());
        boolean hasAck = (segment.tcpFlags() & Tcp.ACK) != 0;
        int acknowledgment = hasAck ? segment.tcpAcknowledgment() : 0;
        return finishReset(out, header, segment.tcpSequence(), acknowledgment, hasAck ? Tcp.RST | Tcp.ACK : Tcp.RST);
    }

    /**
     * Writes the reset by which {@code segment}'s receiver would refuse it (RFC 9293, 3.10.7.1, with ACK in any case):
     * it acknowledges the whole segment, also bytes that were not captured.
     *
     * @return length of the packet in {@code out}
     * @throws IllegalArgumentException if {@code segment} is not TCP
     */
    public static int writeResetToSender(ByteBuf out, PacketView segment) {
        int header = writeIpToSender(out, segment, tcp(segment), TCP_HEADER);
        out.setShort(header, segment.destinationPort());
        out.setShort(header + 2, segment.sourcePort());
        int flags = segment.tcpFlags();
        int sequence = (flags & Tcp.ACK) != 0 ? segment.tcpAcknowledgment() : 0;
        int acknowledgment = segment.tcpSequence() + Tcp.sequenceLength(flags, segment.originalPayloadLength());
        return finishReset(out, header, sequence, acknowledgment, Tcp.RST | Tcp.ACK);
    }

    /**
     * Writes an ICMP port unreachable from the receiver of {@code packet}, which it quotes as far as there is room: up
     * to 576 bytes in all for IPv4 (RFC 1812, 4.3.2.3), up to 1,280 for IPv6 (RFC 4443, 2.4c).
     *
     * @return length of the packet in {@code out}
     * @throws IllegalArgumentException if {@code packet} was not decoded to its payload
     */
    public static int writeUnreachable(ByteBuf out, PacketView packet) {
        if (!packet.hasPayload()) {
            throw new IllegalArgumentException("an answer to a packet without whole headers (expected: decoded as OK)");
        }
        boolean isIpv6 = packet.version() == 6;
        int room = isIpv6 ? MAX_LENGTH - 40 - ICMP_HEADER : MAX_LENGTH_IPV4 - 20 - ICMP_HEADER;
        int quote = Math.min(packet.captured(), room);
        int protocol = isIpv6 ? Protocol.ICMPV6 : Protocol.ICMP;
        int length = ICMP_HEADER + quote;
        int header = writeIpToSender(out, packet, protocol, length);
        out.setByte(header, isIpv6 ? Icmp.V6_UNREACHABLE : Icmp.UNREACHABLE);
        out.setByte(header + 1, isIpv6 ? Icmp.V6_PORT_UNREACHABLE : Icmp.PORT_UNREACHABLE);
        out.setShort(header + 2, 0);
        out.setInt(header + 4, 0);
        for (int i = 0; i < quote; i++) { // setBytes may allocate a view of either buffer
            out.setByte(header + ICMP_HEADER + i, packet.buffer().getByte(packet.offset() + i));
        }
        int checksum =
                isIpv6 ? Checksum.ofUpperLayer(out, 0, protocol, header, length) : Checksum.of(out, header, length);
        out.setShort(header + 2, checksum);
        return header + length;
    }

    private static int tcp(PacketView segment) {
        if (!segment.isTcp()) {
            throw new IllegalArgumentException("a reset for protocol " + segment.protocol() + " (expected: whole TCP)");
        }
        return Protocol.TCP;
    }

    private static int finishReset(ByteBuf out, int header, int sequence, int acknowledgment, int flags) {
        out.setInt(header + 4, sequence);
        out.setInt(header + 8, acknowledgment);
        out.setShort(header + 12, TCP_HEADER_WORDS << 12 | flags);
        out.setInt(header + 14, 0); // window, checksum
        out.setShort(header + 18, 0); // urgent pointer
        out.setShort(header + 16, Checksum.ofUpperLayer(out, 0, Protocol.TCP, header, TCP_HEADER));
        return header + TCP_HEADER;
    }

    private static int writeIpFromSender(ByteBuf out, PacketView view, int protocol, int length) {
        if (view.version() == 4) {
            return writeIpv4(out, view.sourceLow(), view.destinationLow(), protocol, length);
        }
        out.setLong(8, view.sourceHigh());
        out.setLong(16, view.sourceLow());
        out.setLong(24, view.destinationHigh());
        out.setLong(32, view.destinationLow());
        return writeIpv6(out, protocol, length);
    }

    private static int writeIpToSender(ByteBuf out, PacketView view, int protocol, int length) {
        if (view.version() == 4) {
            return writeIpv4(out, view.destinationLow(), view.sourceLow(), protocol, length);
        }
        out.setLong(8, view.destinationHigh());
        out.setLong(16, view.destinationLow());
        out.setLong(24, view.sourceHigh());
        out.setLong(32, view.sourceLow());
        return writeIpv6(out, protocol, length);
    }

    private static int writeIpv4(ByteBuf out, long from, long to, int protocol, int length) {
        out.setShort(0, 0x4500);
        out.setShort(2, 20 + length);
        out.setShort(4, 0); // needs no identification, since it is never fragmented (RFC 6864)
        out.setShort(6, DO_NOT_FRAGMENT);
        out.setShort(8, TTL << 8 | protocol);
        out.setShort(10, 0);
        out.setInt(12, (int) from);
        out.setInt(16, (int) to);
        out.setShort(10, Checksum.of(out, 0, 20));
        return 20;
    }

    /** All but the addresses. */
    private static int writeIpv6(ByteBuf out, int protocol, int length) {
        out.setInt(0, 0x60000000);
        out.setShort(4, length);
        out.setShort(6, protocol << 8 | TTL);
        return 40;
    }
}

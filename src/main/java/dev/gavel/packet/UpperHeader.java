package dev.gavel.packet;

import io.netty.buffer.ByteBuf;

/** The header after the IP headers: TCP, UDP, SCTP, ICMP or one that we do not know. Part of a {@link PacketView}. */
final class UpperHeader {
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int SCTP_HEADER = 12;
    private static final int ICMP_HEADER = 8;

    private final IpHeaders ip;

    /** What was tried; IP as long as the protocol is none of those known. */
    Layer layer = Layer.IP;

    boolean isWhole;
    int sourcePort;
    int destinationPort;
    int tcpFlags;
    int tcpWindow;
    int tcpSequence;
    int tcpAcknowledgment;
    int icmpType;
    int icmpCode;
    int icmpIdentifier;
    /** Position in the packet. */
    int payload;

    int payloadLength;
    int originalPayloadLength;

    UpperHeader(IpHeaders ip) {
        this.ip = ip;
        clear();
    }

    /** Makes everything absent. */
    void clear() {
        layer = Layer.IP;
        isWhole = false;
        sourcePort = PacketView.ABSENT;
        destinationPort = PacketView.ABSENT;
        tcpFlags = PacketView.ABSENT;
        tcpWindow = PacketView.ABSENT;
        tcpSequence = 0;
        tcpAcknowledgment = 0;
        icmpType = PacketView.ABSENT;
        icmpCode = PacketView.ABSENT;
        icmpIdentifier = PacketView.ABSENT;
        payload = PacketView.ABSENT;
        payloadLength = PacketView.ABSENT;
        originalPayloadLength = PacketView.ABSENT;
    }

    /** Reads the header at index {@code header} of {@code buffer}; needs a {@link #clear} before. */
    Decoding decode(ByteBuf buffer, int header) {
        return switch (ip.protocol) {
            case Protocol.TCP -> decodeTcp(buffer, header);
            case Protocol.UDP -> decodeUdp(buffer, header);
            case Protocol.SCTP -> decodeSctp(buffer, header);
            case Protocol.ICMP -> ip.version == 4 ? decodeIcmp(buffer, header) : decodeUnknown();
            case Protocol.ICMPV6 -> ip.version == 6 ? decodeIcmp(buffer, header) : decodeUnknown();
            default -> decodeUnknown();
        };
    }

    /** RFC 9293, 3.1. */
    private Decoding decodeTcp(ByteBuf buffer, int header) {
        layer = Layer.TCP;
        Decoding fixed = ip.require(ip.upperLayer, TCP_HEADER);
        if (fixed != Decoding.OK) {
            return fixed;
        }
        int headerLength = buffer.getUnsignedByte(header + 12) >> 4 << 2;
        if (headerLength < TCP_HEADER) {
            return Decoding.MALFORMED;
        }
        Decoding whole = ip.require(ip.upperLayer, headerLength);
        if (whole != Decoding.OK) {
            return whole;
        }
        readPorts(buffer, header);
        tcpSequence = buffer.getInt(header + 4);
        tcpAcknowledgment = buffer.getInt(header + 8);
        tcpFlags = buffer.getUnsignedByte(header + 13);
        tcpWindow = buffer.getUnsignedShort(header + 14);
        return carry(headerLength, ip.length);
    }

    /** RFC 768. The UDP length may be less than the IP header's: the rest is no payload. */
    private Decoding decodeUdp(ByteBuf buffer, int header) {
        layer = Layer.UDP;
        Decoding whole = ip.require(ip.upperLayer, UDP_HEADER);
        if (whole != Decoding.OK) {
            return whole;
        }
        int room = ip.length - ip.upperLayer;
        int length = buffer.getUnsignedShort(header + 4);
        if (length == 0 && ip.isJumbo) {
            length = room; // RFC 2675, 4
        }
        if (length < UDP_HEADER || (length > room && !ip.isFragment)) {
            return Decoding.MALFORMED;
        }
        readPorts(buffer, header);
        return carry(UDP_HEADER, ip.upperLayer + Math.min(length, room));
    }

    /** RFC 9260, 3.1: the common header; its chunks are the payload. */
    private Decoding decodeSctp(ByteBuf buffer, int header) {
        layer = Layer.SCTP;
        Decoding whole = ip.require(ip.upperLayer, SCTP_HEADER);
        if (whole != Decoding.OK) {
            return whole;
        }
        readPorts(buffer, header);
        return carry(SCTP_HEADER, ip.length);
    }

    /** RFC 792, RFC 4443: alike in what is read here, but for the numbers of the echo messages. */
    private Decoding decodeIcmp(ByteBuf buffer, int header) {
        layer = Layer.ICMP;
        Decoding whole = ip.require(ip.upperLayer, ICMP_HEADER);
        if (whole != Decoding.OK) {
            return whole;
        }
        icmpType = buffer.getUnsignedByte(header);
        icmpCode = buffer.getUnsignedByte(header + 1);
        if (Icmp.isEcho(ip.version, icmpType)) {
            icmpIdentifier = buffer.getUnsignedShort(header + 4);
        }
        return carry(ICMP_HEADER, ip.length);
    }

    private Decoding decodeUnknown() {
        return carry(0, ip.length);
    }

    private void readPorts(ByteBuf buffer, int header) {
        sourcePort = buffer.getUnsignedShort(header);
        destinationPort = buffer.getUnsignedShort(header + 2);
    }

    /** The upper layer's header is whole; from its end to {@code end}, a position in the packet, goes the payload. */
    private Decoding carry(int headerLength, int end) {
        isWhole = true;
        payload = ip.upperLayer + headerLength;
        originalPayloadLength = end - payload;
        payloadLength = Math.min(end, ip.captured) - payload;
        return Decoding.OK;
    }
}

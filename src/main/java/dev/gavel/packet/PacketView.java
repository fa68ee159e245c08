package dev.gavel.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The header fields of one IP packet, decoded in place. Whoever owns a view, such as a slot of a queue, points it at
 * packet after packet: never keep it, nor the buffer beyond its owner's time. Tunnels are not looked into.
 *
 * <p>After {@link Decoding#OK} everything here holds. After any other outcome: nothing if {@link #version} is 0; else
 * the fixed IP header's fields, and of all that follows it that it is absent.
 */
public final class PacketView {
    /** What a field of small range says if the packet does not have it. */
    public static final int ABSENT = -1;

    private final IpHeaders ip = new IpHeaders();
    private final UpperHeader upper = new UpperHeader(ip);
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int start;

    /**
     * Points this view at a packet. Whatever the bytes are, this reads only those captured, and does not throw.
     *
     * @param buffer must stay alive and unchanged as long as the view is read
     * @param offset of the packet's first byte, its IP header, in {@code buffer}
     * @param capturedLength bytes that are there
     * @param originalLength bytes that the packet has, at least {@code capturedLength}; more if it was cut
     * @throws IllegalArgumentException if {@code buffer} does not hold these bytes, or the original is shorter
     */
    public Decoding decode(ByteBuf buffer, int offset, int capturedLength, int originalLength) {
        if (offset < 0 || capturedLength < 0 || offset > buffer.capacity() - capturedLength) {
            throw new IllegalArgumentException("packet of " + capturedLength + " bytes at " + offset
                    + " (expected: within " + buffer.capacity() + " bytes)");
        }
        if (originalLength < capturedLength) {
            throw new IllegalArgumentException(
                    "original length " + originalLength + " (expected: at least " + capturedLength + ", as captured)");
        }
        upper.clear();
        this.buffer = buffer;
        start = offset;
        Decoding decoding = ip.decode(buffer, offset, capturedLength, originalLength);
        return decoding == Decoding.OK && !ip.isLaterFragment() ? upper.decode(buffer, l4Offset()) : decoding;
    }

    /** After {@link Decoding#MALFORMED}: whose header is to blame. */
    public Layer malformedLayer() {
        return upper.layer;
    }

    /** 4 or 6; 0 if there is not even a whole fixed header. */
    public int version() {
        return ip.version;
    }

    /** First half of the source's IPv6 address; 0 for IPv4. */
    public long sourceHigh() {
        return ip.sourceHigh;
    }

    /** Second half of the source's IPv6 address; for IPv4 all of it, as an unsigned number. */
    public long sourceLow() {
        return ip.sourceLow;
    }

    /** As {@link #sourceHigh}. */
    public long destinationHigh() {
        return ip.destinationHigh;
    }

    /** As {@link #sourceLow}. */
    public long destinationLow() {
        return ip.destinationLow;
    }

    /** What follows the IP headers, for IPv6 the extension headers too; of a later fragment, what its header says. */
    public int protocol() {
        return ip.protocol;
    }

    /** Time to live, or hop limit. */
    public int ttl() {
        return ip.ttl;
    }

    /** Differentiated services codepoint, 0 to 63 (RFC 2474). */
    public int dscp() {
        return ip.trafficClass >> 2;
    }

    /** Explicit congestion notification, 0 to 3 (RFC 3168). */
    public int ecn() {
        return ip.trafficClass & 3;
    }

    /** Whether there are IPv4 options, or any IPv6 extension header. */
    public boolean hasIpOptions() {
        return ip.hasOptions;
    }

    /** Whether this is part of a datagram; an atomic fragment (RFC 6946) is a whole one. */
    public boolean isFragment() {
        return ip.isFragment;
    }

    /** Whether this is a fragment without the upper layer's header: any but the first. */
    public boolean isLaterFragment() {
        return ip.isLaterFragment();
    }

    /** Where in its datagram a fragment belongs, in bytes; 0 also if this is none. */
    public int fragmentOffset() {
        return ip.fragmentOffset;
    }

    /** Whether this is a fragment, and not the last. */
    public boolean hasMoreFragments() {
        return ip.hasMoreFragments;
    }

    /** What the fragments of a datagram share: 16 bits (IPv4) or 32 (IPv6). */
    public long fragmentId() {
        return ip.fragmentId;
    }

    /** Bytes of the packet by its IP header; the original length where that has none (BIG TCP, jumbograms). */
    public int ipLength() {
        return ip.length;
    }

    /** How many bytes of {@link #ipLength} are there, from {@link #offset} on. */
    public int captured() {
        return ip.captured;
    }

    /** Index in the buffer of the packet's first byte. */
    public int offset() {
        return start;
    }

    /** Index in the buffer of what follows the IP headers. */
    public int l4Offset() {
        return start + ip.upperLayer;
    }

    public boolean isTcp() {
        return upper.isWhole && upper.layer == Layer.TCP;
    }

    public boolean isUdp() {
        return upper.isWhole && upper.layer == Layer.UDP;
    }

    /** ICMP in IPv4, or ICMPv6 in IPv6. */
    public boolean isIcmp() {
        return upper.isWhole && upper.layer == Layer.ICMP;
    }

    public boolean isSctp() {
        return upper.isWhole && upper.layer == Layer.SCTP;
    }

    /** Of TCP, UDP and SCTP, else {@link #ABSENT}. */
    public int sourcePort() {
        return upper.sourcePort;
    }

    /** Of TCP, UDP and SCTP, else {@link #ABSENT}. */
    public int destinationPort() {
        return upper.destinationPort;
    }

    /** The eight control bits of TCP, from FIN = 1 to CWR = 0x80; else {@link #ABSENT}. */
    public int tcpFlags() {
        return upper.tcpFlags;
    }

    /** TCP's window as sent, not scaled; else {@link #ABSENT}. */
    public int tcpWindow() {
        return upper.tcpWindow;
    }

    /** Means something for TCP only. */
    public int tcpSequence() {
        return upper.tcpSequence;
    }

    /** Means something for TCP with ACK only. */
    public int tcpAcknowledgment() {
        return upper.tcpAcknowledgment;
    }

    /** Of ICMP and ICMPv6, whose types differ; else {@link #ABSENT}. */
    public int icmpType() {
        return upper.icmpType;
    }

    /** Of ICMP and ICMPv6; else {@link #ABSENT}. */
    public int icmpCode() {
        return upper.icmpCode;
    }

    /** Of an echo request or its reply, else {@link #ABSENT}. */
    public int icmpIdentifier() {
        return upper.icmpIdentifier;
    }

    /** Index in the buffer of the payload; {@link #ABSENT} in later fragments. */
    public int payloadOffset() {
        return upper.payload == ABSENT ? ABSENT : start + upper.payload;
    }

    /**
     * Captured bytes of the payload: what TCP, UDP, SCTP after its common header, ICMP after its first 8 bytes, or an
     * unknown protocol carries, without padding and trailers. {@link #ABSENT} in later fragments.
     */
    public int payloadLength() {
        return upper.payloadLength;
    }

    /** As {@link #payloadLength}, with the bytes that were cut off. */
    public int originalPayloadLength() {
        return upper.originalPayloadLength;
    }

    /** The memory that this view looks at. */
    public ByteBuf buffer() {
        return buffer;
    }

    IpHeaders ip() {
        return ip;
    }

    /** Whether the packet was decoded to its payload: false of later fragments, and after anything but OK. */
    boolean hasPayload() {
        return upper.isWhole;
    }
}

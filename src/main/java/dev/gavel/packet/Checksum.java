package dev.gavel.packet;

import io.netty.buffer.ByteBuf;

/**
 * The internet checksum (RFC 1071), alone and with the pseudo headers of IPv4 (RFC 9293, 3.1) and of IPv6 (RFC 8200,
 * section 8.1).
 */
public final class Checksum {
    private Checksum() {}

    /** What goes into the checksum field of these bytes if that field is 0 now; 0 if it already holds what fits. */
    public static int of(ByteBuf buffer, int index, int length) {
        return complement(sum(buffer, index, length));
    }

    /**
     * As {@link #of}, for TCP, UDP or ICMPv6, with the pseudo header. UDP's caller sends 0xffff for 0.
     *
     * @param ipHeader index in {@code buffer} of the IP header, version 4 or 6, whose addresses count
     * @param index of the upper layer's header
     * @param length of the upper layer's header and payload, in bytes
     */
    public static int ofUpperLayer(ByteBuf buffer, int ipHeader, int protocol, int index, int length) {
        boolean isIpv6 = buffer.getByte(ipHeader) >> 4 == 6;
        long addresses = isIpv6 ? sum(buffer, ipHeader + 8, 32) : sum(buffer, ipHeader + 12, 8);
        return complement(addresses + protocol + length + sum(buffer, index, length));
    }

    /**
     * Whether the checksum of a packet's TCP, UDP or ICMP is wrong. False where that cannot be told: fragments, packets
     * that were cut, protocols that have none of this kind. Do not ask for packets whose checksum is still to be made.
     */
    public static boolean isWrong(PacketView view) {
        if (view.isFragment() || view.captured() < view.ipLength()) {
            return false;
        }
        if (view.isTcp()) {
            return isWrong(view, view.offset() + view.ipLength() - view.l4Offset());
        }
        if (view.isUdp()) {
            boolean isUnused = view.buffer().getShort(view.l4Offset() + 6) == 0;
            return isUnused ? view.version() == 6 : isWrong(view, 8 + view.payloadLength());
        }
        return view.isIcmp() && isWrong(view, 8 + view.payloadLength());
    }

    private static boolean isWrong(PacketView view, int length) {
        long sum = sum(view.buffer(), view.l4Offset(), length);
        if (view.protocol() != Protocol.ICMP) {
            int source = PseudoHeader.source(view);
            int destination = PseudoHeader.destination(view);
            if (destination == PseudoHeader.UNKNOWN) {
                return false;
            }
            int addressLength = view.version() == 6 ? 16 : 4;
            sum += sum(view.buffer(), source, addressLength) + sum(view.buffer(), destination, addressLength);
            sum += view.protocol() + length;
        }
        return complement(sum) != 0;
    }

    /**
     * The 16-bit words added up as two columns of 32 bits, to be folded; an odd last byte is the high one of its word.
     */
    private static long sum(ByteBuf buffer, int index, int length) {
        long sum = 0;
        int end = index + length;
        int at = index;
        for (; at <= end - 8; at += 8) {
            long word = buffer.getLong(at);
            sum += (word >>> 32) + (word & 0xffffffffL);
        }
        for (; at <= end - 2; at += 2) {
            sum += buffer.getUnsignedShort(at);
        }
        return at < end ? sum + (buffer.getUnsignedByte(at) << 8) : sum;
    }

    private static int complement(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }
}

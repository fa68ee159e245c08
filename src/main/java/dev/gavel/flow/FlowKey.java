package dev.gavel.flow;

import dev.gavel.packet.PacketView;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What all packets of a flow share, whichever way they go: IP version, protocol, and both ends in a fixed order. Ports
 * are those of TCP, UDP and SCTP, for ICMP echo the identifier, else 0. An ICMP error has the key of the packet it
 * quotes.
 */
public record FlowKey(int version, int protocol, End low, End high) {
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int ICMP_HEADER_BYTES = 8;
    private static final int IPV4_HEADER_BYTES = 20;
    private static final int IPV6_HEADER_BYTES = 40;

    /** One end: an address, for IPv4 in the low half, and a port. */
    public record End(long addressHigh, long addressLow, int port) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byHigh = Long.compareUnsigned(addressHigh, other.addressHigh);
            int byLow = Long.compareUnsigned(addressLow, other.addressLow);
            return byHigh != 0 ? byHigh : byLow != 0 ? byLow : Integer.compare(port, other.port);
        }
    }

    private static FlowKey of(int version, int protocol, End one, End other) {
        return one.compareTo(other) <= 0
                ? new FlowKey(version, protocol, one, other)
                : new FlowKey(version, protocol, other, one);
    }

    /** The key of the packet that {@code view} has decoded; null for a later fragment, which has no ports. */
    public static @Nullable FlowKey of(PacketView view) {
        if (view.isLaterFragment()) {
            return null;
        }
        if (view.isIcmp() && view.icmpIdentifier() < 0) {
            FlowKey quoted = quoted(view);
            if (quoted != null) {
                return quoted;
            }
        }
        boolean echo = view.icmpIdentifier() >= 0;
        int sourcePort = echo ? view.icmpIdentifier() : Math.max(0, view.sourcePort());
        int destinationPort = echo ? view.icmpIdentifier() : Math.max(0, view.destinationPort());
        return of(
                view.version(),
                view.protocol(),
                new End(view.sourceHigh(), view.sourceLow(), sourcePort),
                new End(view.destinationHigh(), view.destinationLow(), destinationPort));
    }

    /**
     * The key of the packet that an ICMP error quotes (RFC 792; RFC 4443, 2.4); null if this is none or quotes too
     * little.
     */
    private static @Nullable FlowKey quoted(PacketView view) {
        int type = view.icmpType();
        boolean isError =
                view.version() == 4 ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12 : type < 128;
        if (!isError) {
            return null;
        }
        int start = view.l4Offset() + ICMP_HEADER_BYTES;
        int end = view.offset() + view.captured();
        return view.version() == 4 ? quotedIpv4(view.buffer(), start, end) : quotedIpv6(view.buffer(), start, end);
    }

    private static @Nullable FlowKey quotedIpv4(ByteBuf buffer, int start, int end) {
        if (end - start < IPV4_HEADER_BYTES) {
            return null;
        }
        int upper = start + (buffer.getByte(start) & 0xf) * 4;
        boolean laterFragment = (buffer.getUnsignedShort(start + 6) & 0x1fff) != 0;
        if (upper < start + IPV4_HEADER_BYTES || laterFragment) {
            return null;
        }
        return quoted(
                4,
                buffer.getUnsignedByte(start + 9),
                buffer,
                upper,
                end,
                0,
                buffer.getUnsignedInt(start + 12),
                0,
                buffer.getUnsignedInt(start + 16));
    }

    private static @Nullable FlowKey quotedIpv6(ByteBuf buffer, int start, int end) {
        if (end - start < IPV6_HEADER_BYTES) {
            return null;
        }
        return quoted(
                6,
                buffer.getUnsignedByte(start + 6),
                buffer,
                start + IPV6_HEADER_BYTES,
                end,
                buffer.getLong(start + 8),
                buffer.getLong(start + 16),
                buffer.getLong(start + 24),
                buffer.getLong(start + 32));
    }

    private static @Nullable FlowKey quoted(
            int version,
            int protocol,
            ByteBuf buffer,
            int upper,
            int end,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        boolean hasPorts = protocol == 6 || protocol == 17 || protocol == 132;
        boolean isEcho = protocol == ICMP || protocol == ICMPV6;
        if (end - upper < (hasPorts ? 4 : isEcho ? 6 : 0)) {
            return null;
        }
        int sourcePort = hasPorts ? buffer.getUnsignedShort(upper) : isEcho ? buffer.getUnsignedShort(upper + 4) : 0;
        int destinationPort = hasPorts ? buffer.getUnsignedShort(upper + 2) : sourcePort;
        return of(
                version,
                protocol,
                new End(sourceHigh, sourceLow, sourcePort),
                new End(destinationHigh, destinationLow, destinationPort));
    }
}

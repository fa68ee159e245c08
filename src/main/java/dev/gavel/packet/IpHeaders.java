package dev.gavel.packet;

import io.netty.buffer.ByteBuf;

/**
 * The IP headers of one packet: IPv4 with its options (RFC 791), or IPv6 with its extension headers (RFC 8200). Part of
 * a {@link PacketView}. Positions count from the packet's first byte.
 */
final class IpHeaders {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int FRAGMENT_HEADER = 8;
    /** Our own bounds: no honest sender comes near, and a longer walk would be work for nothing. */
    private static final int MAX_EXTENSION_HEADERS = 16;

    private static final int MAX_EXTENSION_BYTES = 2048;

    /** 4 or 6; 0 as long as there is no whole fixed header. All else means nothing then. */
    int version;

    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int trafficClass;
    int ttl;
    /** Of what follows the headers; as long as the walk has not ended there: of the next header. */
    int protocol;
    /** Bytes of the packet by its own account, headers included. */
    int length;
    /** How many of {@link #length} we have. */
    int captured;
    /** Position of what follows the IP headers. */
    int upperLayer;

    boolean hasOptions;
    /** IPv6 without a length of its own: a jumbogram (RFC 2675) or BIG TCP. */
    boolean isJumbo;

    boolean isFragment;
    int fragmentOffset;
    boolean hasMoreFragments;
    long fragmentId;
    /** Positions of the IPv6 headers that may replace an address in the pseudo header; 0: none. */
    int routingHeader;

    int destinationOptions;

    Decoding decode(ByteBuf buffer, int start, int capturedLength, int originalLength) {
        clear();
        if (capturedLength == 0) {
            return Decoding.NOT_IP;
        }
        length = originalLength;
        captured = capturedLength;
        return switch (buffer.getByte(start) >> 4) {
            case 4 -> decodeIpv4(buffer, start);
            case 6 -> decodeIpv6(buffer, start);
            default -> Decoding.NOT_IP;
        };
    }

    /** Whether {@code bytes} at {@code position} are there; if not, whether the packet or the capture lacks them. */
    Decoding require(int position, int bytes) {
        if (bytes <= captured - position) {
            return Decoding.OK;
        }
        return bytes <= length - position ? Decoding.CUT : Decoding.MALFORMED;
    }

    boolean isLaterFragment() {
        return fragmentOffset > 0;
    }

    private void clear() {
        version = 0;
        sourceHigh = 0;
        sourceLow = 0;
        destinationHigh = 0;
        destinationLow = 0;
        trafficClass = 0;
        ttl = 0;
        protocol = 0;
        length = 0;
        captured = 0;
        upperLayer = 0;
        hasOptions = false;
        isJumbo = false;
        isFragment = false;
        fragmentOffset = 0;
        hasMoreFragments = false;
        fragmentId = 0;
        routingHeader = 0;
        destinationOptions = 0;
    }

    private Decoding decodeIpv4(ByteBuf buffer, int start) {
        Decoding fixed = require(0, IPV4_HEADER);
        if (fixed != Decoding.OK) {
            return fixed;
        }
        version = 4;
        trafficClass = buffer.getUnsignedByte(start + 1);
        fragmentId = buffer.getUnsignedShort(start + 4);
        int fragment = buffer.getUnsignedShort(start + 6);
        fragmentOffset = (fragment & 0x1fff) << 3;
        hasMoreFragments = (fragment & 0x2000) != 0;
        isFragment = hasMoreFragments || fragmentOffset > 0;
        ttl = buffer.getUnsignedByte(start + 8);
        protocol = buffer.getUnsignedByte(start + 9);
        sourceLow = buffer.getUnsignedInt(start + 12);
        destinationLow = buffer.getUnsignedInt(start + 16);
        upperLayer = (buffer.getByte(start) & 15) << 2;
        hasOptions = upperLayer > IPV4_HEADER;
        int totalLength = buffer.getUnsignedShort(start + 2);
        if (upperLayer < IPV4_HEADER || !limitTo(totalLength == 0 ? lengthOfBigTcp() : totalLength)) {
            return Decoding.MALFORMED;
        }
        return require(0, upperLayer);
    }

    /** The kernel's super-packets beyond 64 KiB have total length 0; nothing else may. */
    private int lengthOfBigTcp() {
        return protocol == Protocol.TCP && !isFragment ? length : 0;
    }

    /** Takes the packet's own length; false if that is more than the original has: less means padding after it. */
    private boolean limitTo(int ownLength) {
        if (ownLength > length) {
            return false;
        }
        length = ownLength;
        captured = Math.min(captured, ownLength);
        return true;
    }

    private Decoding decodeIpv6(ByteBuf buffer, int start) {
        Decoding fixed = require(0, IPV6_HEADER);
        if (fixed != Decoding.OK) {
            return fixed;
        }
        version = 6;
        trafficClass = buffer.getUnsignedShort(start) >> 4 & 0xff;
        protocol = buffer.getUnsignedByte(start + 6);
        ttl = buffer.getUnsignedByte(start + 7);
        sourceHigh = buffer.getLong(start + 8);
        sourceLow = buffer.getLong(start + 16);
        destinationHigh = buffer.getLong(start + 24);
        destinationLow = buffer.getLong(start + 32);
        upperLayer = IPV6_HEADER;
        int payloadLength = buffer.getUnsignedShort(start + 4);
        // The jumbo option is not asked for: newer kernels leave it out, and its length is the original one.
        isJumbo = payloadLength == 0 && protocol != Protocol.NO_NEXT_HEADER;
        if (!isJumbo && !limitTo(IPV6_HEADER + payloadLength)) {
            return Decoding.MALFORMED;
        }
        return walkExtensionHeaders(buffer, start);
    }

    private Decoding walkExtensionHeaders(ByteBuf buffer, int start) {
        for (int count = 0; isExtension() && !isLaterFragment(); count++) {
            Decoding decoding = require(upperLayer, FRAGMENT_HEADER); // none is shorter
            if (decoding != Decoding.OK) {
                return decoding;
            }
            int header = start + upperLayer;
            int bytes = extensionLength(buffer.getUnsignedByte(header + 1));
            if (count == MAX_EXTENSION_HEADERS || upperLayer + bytes > IPV6_HEADER + MAX_EXTENSION_BYTES) {
                return Decoding.MALFORMED;
            }
            decoding = require(upperLayer, bytes);
            if (decoding != Decoding.OK) {
                return decoding;
            }
            note(buffer, header);
            hasOptions = true;
            protocol = buffer.getUnsignedByte(header);
            upperLayer += bytes;
        }
        return isJumbo && isFragment ? Decoding.MALFORMED : Decoding.OK; // RFC 2675, 3
    }

    /** ESP (RFC 4303) ends the walk, since what follows is encrypted; so does a fragment within a fragment. */
    private boolean isExtension() {
        return switch (protocol) {
            case Protocol.HOP_BY_HOP,
                    Protocol.ROUTING,
                    Protocol.DESTINATION_OPTIONS,
                    Protocol.AUTHENTICATION,
                    Protocol.MOBILITY,
                    Protocol.HIP,
                    Protocol.SHIM6 -> true;
            case Protocol.FRAGMENT -> !isFragment;
            default -> false;
        };
    }

    private int extensionLength(int lengthField) {
        return switch (protocol) {
            case Protocol.FRAGMENT -> FRAGMENT_HEADER;
            case Protocol.AUTHENTICATION -> (lengthField + 2) << 2; // RFC 4302, 2.2
            default -> (lengthField + 1) << 3; // RFC 8200, 4.3
        };
    }

    private void note(ByteBuf buffer, int header) {
        if (protocol == Protocol.FRAGMENT) {
            int fragment = buffer.getUnsignedShort(header + 2);
            fragmentOffset = fragment & 0xfff8;
            hasMoreFragments = (fragment & 1) != 0;
            isFragment = hasMoreFragments || fragmentOffset > 0; // neither: atomic, a whole packet (RFC 6946)
            fragmentId = buffer.getUnsignedInt(header + 4);
        } else if (protocol == Protocol.ROUTING) {
            routingHeader = upperLayer;
        } else if (protocol == Protocol.DESTINATION_OPTIONS) {
            destinationOptions = upperLayer;
        }
    }
}

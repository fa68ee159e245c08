package dev.gavel.packet;

import io.netty.buffer.ByteBuf;

/**
 * Where the addresses are that a checksum covers: those of a packet's two ends. With a source route the IP header's
 * destination is only the next stop, and a mobile node's source only where it is now (RFC 8200, 8.1; RFC 6275, 11.3.1).
 * As indices in the packet's buffer.
 */
final class PseudoHeader {
    /** A kind of source route that we do not know. */
    static final int UNKNOWN = -1;

    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;
    private static final int HOME_ADDRESS = 0xc9;

    private PseudoHeader() {}

    static int source(PacketView view) {
        return view.version() == 4 ? view.offset() + 12 : homeAddress(view, view.offset() + 8);
    }

    static int destination(PacketView view) {
        return view.version() == 4 ? lastStopIpv4(view) : lastStopIpv6(view);
    }

    /** RFC 791, 3.1: the route's last entry, as long as its pointer is not past it. */
    private static int lastStopIpv4(PacketView view) {
        ByteBuf buffer = view.buffer();
        int option = view.offset() + 20;
        while (option <= view.l4Offset() - 3) {
            int type = buffer.getUnsignedByte(option);
            int length = type == 1 ? 1 : buffer.getUnsignedByte(option + 1);
            if (type == 0 || length == 0 || option + length > view.l4Offset()) {
                break;
            }
            if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
                boolean isUnderWay = length >= 7 && buffer.getUnsignedByte(option + 2) < length;
                return isUnderWay ? option + length - 4 : view.offset() + 16;
            }
            option += length;
        }
        return view.offset() + 16;
    }

    private static int lastStopIpv6(PacketView view) {
        int position = view.ip().routingHeader;
        int header = view.offset() + position;
        ByteBuf buffer = view.buffer();
        if (position == 0 || buffer.getByte(header + 3) == 0) { // no segments left
            return view.offset() + 24;
        }
        int addresses = buffer.getUnsignedByte(header + 1) / 2;
        if (addresses == 0) {
            return UNKNOWN;
        }
        return switch (buffer.getUnsignedByte(header + 2)) {
            case 0 -> header + 8 + (addresses - 1) * 16; // RFC 2460, 4.4
            case 2, 4 -> header + 8; // RFC 6275, 6.4; RFC 8754, 2: the list is in reverse
            default -> UNKNOWN;
        };
    }

    private static int homeAddress(PacketView view, int otherwise) {
        int position = view.ip().destinationOptions;
        if (position == 0) {
            return otherwise;
        }
        ByteBuf buffer = view.buffer();
        int header = view.offset() + position;
        int end = header + (buffer.getUnsignedByte(header + 1) + 1) * 8;
        int option = header + 2;
        while (option <= end - 18) {
            int type = buffer.getUnsignedByte(option);
            if (type == HOME_ADDRESS && buffer.getByte(option + 1) == 16) {
                return option + 2;
            }
            option += type == 0 ? 1 : 2 + buffer.getUnsignedByte(option + 1);
        }
        return otherwise;
    }
}

package dev.gavel.capture;

import dev.gavel.queue.QueuedPacket;

/**
 * Finds the packet in a frame, by the frame's link type (see <a href="https://www.tcpdump.org/linktypes.html">tcpdump's
 * list</a>). One instance is re-used for each frame.
 */
final class LinkLayer {
    static final int ETHERNET = 1;

    private static final int NULL = 0;
    private static final int RAW = 101;
    private static final int RAW_BSD = 12;
    private static final int RAW_OPENBSD = 14;
    private static final int LOOP = 108;
    private static final int LINUX_COOKED = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_COOKED_2 = 276;

    private static final int ARPHRD_ETHER = 1; // linux/if_arp.h
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int MAX_TAGS = 3;
    private static final int TAG = 4;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private boolean ip;
    private int offset;
    private int captured;
    private int original;
    private long sourceMac;
    private long vlan;

    /** Finds the packet in {@code frame}; false if its link type is not known. */
    boolean locate(CapturedFrame frame) {
        ip = false;
        offset = 0;
        captured = frame.capturedLength();
        original = Math.max(captured, frame.originalLength());
        sourceMac = QueuedPacket.ABSENT;
        vlan = QueuedPacket.ABSENT;
        switch (frame.linkType()) {
            case ETHERNET -> ethernet(frame);
            case LINUX_COOKED -> cooked(frame);
            case LINUX_COOKED_2 -> cooked2(frame);
            case NULL, LOOP -> loopback(frame);
            case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> packetAt(frame, 0);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void ethernet(CapturedFrame frame) {
        if (captured >= 14) {
            sourceMac = mac(frame, 6);
            payload(frame, frame.unsignedShort(12), 14);
        }
    }

    private void cooked(CapturedFrame frame) {
        if (captured >= 16) {
            if (frame.unsignedShort(2) == ARPHRD_ETHER && frame.unsignedShort(4) == 6) {
                sourceMac = mac(frame, 6);
            }
            payload(frame, frame.unsignedShort(14), 16);
        }
    }

    private void cooked2(CapturedFrame frame) {
        if (captured >= 20) {
            if (frame.unsignedShort(8) == ARPHRD_ETHER && frame.unsignedByte(11) == 6) {
                sourceMac = mac(frame, 12);
            }
            payload(frame, frame.unsignedShort(0), 20);
        }
    }

    /** NULL has the family in the order of bytes of the host that captured, LOOP in network order. */
    private void loopback(CapturedFrame frame) {
        if (captured >= 4) {
            int family = frame.unsignedShort(0) << 16 | frame.unsignedShort(2);
            if (frame.linkType() == NULL && family >>> 16 != 0) {
                family = Integer.reverseBytes(family);
            }
            switch (family) {
                // AF_INET; AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS
                case 2, 10, 24, 28, 30 -> packetAt(frame, 4);
                default -> {}
            }
        }
    }

    private static long mac(CapturedFrame frame, int at) {
        return (long) frame.unsignedShort(at) << 32
                | (long) frame.unsignedShort(at + 2) << 16
                | frame.unsignedShort(at + 4);
    }

    /** Passes over VLAN tags; the outermost one is the packet's. */
    private void payload(CapturedFrame frame, int outerType, int start) {
        int type = outerType;
        int at = start;
        for (int tags = 0; tags < MAX_TAGS && isTag(type) && captured >= at + TAG; tags++) {
            if (tags == 0) {
                vlan = frame.unsignedShort(at) & 0xfff;
            }
            type = frame.unsignedShort(at + 2);
            at += TAG;
        }
        if (type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6) {
            packetAt(frame, at);
        }
    }

    private static boolean isTag(int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100;
    }

    private void packetAt(CapturedFrame frame, int at) {
        ip = true;
        offset = at;
        captured -= at;
        original -= at;
        int length = lengthByHeader(frame);
        if (length < original) { // padding: the kernel cuts it off before any hook sees the packet
            original = length;
            captured = Math.min(captured, length);
        }
    }

    /** What the IP header says, if that is possible at all. */
    private int lengthByHeader(CapturedFrame frame) {
        int version = captured > 0 ? frame.unsignedByte(offset) >> 4 : 0;
        if (version == 4 && captured >= IPV4_HEADER) {
            int header = (frame.unsignedByte(offset) & 0xf) * 4;
            int total = frame.unsignedShort(offset + 2);
            return header >= IPV4_HEADER && total >= header ? total : original;
        }
        if (version == 6 && captured >= IPV6_HEADER) {
            int payload = frame.unsignedShort(offset + 4);
            return payload > 0
                    ? IPV6_HEADER + payload
                    : original; // 0: a jumbogram, or cut by the capturing host's offload
        }
        return original;
    }

    /** Whether the frame announces an IP packet; otherwise all of it counts as the packet. */
    boolean isIp() {
        return ip;
    }

    /** Where in the frame the packet begins. */
    int offset() {
        return offset;
    }

    /** Bytes of the packet in the file. */
    int captured() {
        return captured;
    }

    /** Bytes that the packet had. */
    int original() {
        return original;
    }

    /** Sender's Ethernet address, or {@link QueuedPacket#ABSENT}. */
    long sourceMac() {
        return sourceMac;
    }

    /** Identifier of the outermost VLAN tag, or {@link QueuedPacket#ABSENT}. */
    long vlan() {
        return vlan;
    }
}

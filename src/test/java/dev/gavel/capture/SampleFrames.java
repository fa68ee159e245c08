package dev.gavel.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Ethernet frames with right checksums, between two hosts of the documentation networks (RFC 5737, RFC 3849). */
final class SampleFrames {
    static final String CLIENT = "192.0.2.10";
    static final String SERVER = "192.0.2.80";
    static final String RESOLVER = "192.0.2.53";
    static final String CLIENT6 = "2001:db8::10";
    static final String SERVER6 = "2001:db8::80";

    static final int FIN = 1;
    static final int SYN = 2;
    static final int PSH = 8;
    static final int ACK = 16;

    private static final int IPV4 = 0x0800;
    private static final int ARP = 0x0806;
    private static final int IPV6 = 0x86dd;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int TTL = 64;

    private SampleFrames() {}

    static byte[] tcp(
            String from, int fromPort, String to, int toPort, int sequence, int acknowledged, int flags, byte[] data) {
        ByteBuffer segment = ByteBuffer.allocate(20 + data.length)
                .putShort((short) fromPort)
                .putShort((short) toPort)
                .putInt(sequence)
                .putInt(acknowledged)
                .put((byte) 0x50) // 5 words of header
                .put((byte) flags)
                .putShort((short) 64240) // window
                .putInt(0) // checksum, urgent pointer
                .put(data);
        return ip(from, to, TCP, checked(segment.array(), 16, from, to, TCP));
    }

    static byte[] udp(String from, int fromPort, String to, int toPort, byte[] data) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + data.length)
                .putShort((short) fromPort)
                .putShort((short) toPort)
                .putShort((short) (8 + data.length))
                .putShort((short) 0)
                .put(data);
        return ip(from, to, UDP, checked(datagram.array(), 6, from, to, UDP));
    }

    /** Echo request (128) or reply (129) of RFC 4443. */
    static byte[] echo6(String from, String to, int type, int identifier, byte[] data) {
        ByteBuffer message = ByteBuffer.allocate(8 + data.length)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) identifier)
                .putShort((short) 1) // sequence number
                .put(data);
        return ip(from, to, ICMPV6, checked(message.array(), 2, from, to, ICMPV6));
    }

    /** Asks for the Ethernet address of {@code to}, RFC 826. */
    static byte[] arpRequest(String from, String to) {
        byte[] request = ByteBuffer.allocate(28)
                .put(HexFormat.of().parseHex("0001080006040001")) // Ethernet, IPv4, 6 and 4 bytes, request
                .put(mac(from))
                .put(address(from))
                .put(new byte[6])
                .put(address(to))
                .array();
        return frame("ff:ff:ff:ff:ff:ff", from, ARP, request);
    }

    /** {@code frame} with another IPv4 total length, and the header checksum of that. */
    static byte[] withTotalLength(byte[] frame, int length) {
        ByteBuffer lying =
                ByteBuffer.wrap(frame.clone()).putShort(16, (short) length).putShort(24, (short) 0);
        return lying.putShort(24, (short) ~sum(lying.array(), 14, 20, 0)).array();
    }

    private static byte[] ip(String from, String to, int protocol, byte[] payload) {
        if (address(from).length == 16) {
            byte[] packet = ByteBuffer.allocate(40 + payload.length)
                    .putInt(0x6000_0000)
                    .putShort((short) payload.length)
                    .put((byte) protocol)
                    .put((byte) TTL)
                    .put(address(from))
                    .put(address(to))
                    .put(payload)
                    .array();
            return frame(to, from, IPV6, packet);
        }
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length)
                .putShort((short) 0x4500)
                .putShort((short) (20 + payload.length))
                .putInt(0x0000_4000) // do not fragment
                .put((byte) TTL)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(address(from))
                .put(address(to))
                .put(payload);
        packet.putShort(10, (short) ~sum(packet.array(), 0, 20, 0));
        return frame(to, from, IPV4, packet.array());
    }

    /** Puts the checksum of {@code payload}, over the pseudo-header too, {@code at} its place, where zeroes are. */
    private static byte[] checked(byte[] payload, int at, String from, String to, int protocol) {
        int pseudo = protocol + payload.length;
        pseudo = sum(address(from), 0, address(from).length, pseudo);
        pseudo = sum(address(to), 0, address(to).length, pseudo);
        int checksum = ~sum(payload, 0, payload.length, pseudo) & 0xffff;
        payload[at] = (byte) (checksum >> 8);
        payload[at + 1] = (byte) checksum;
        return payload;
    }

    /** The ones' complement sum of RFC 1071, on top of {@code start}. */
    private static int sum(byte[] bytes, int offset, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i++) {
            sum += (bytes[offset + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return (sum >>> 16) + (sum & 0xffff);
    }

    private static byte[] frame(String to, String from, int type, byte[] packet) {
        return ByteBuffer.allocate(14 + packet.length)
                .put(mac(to))
                .put(mac(from))
                .putShort((short) type)
                .put(packet)
                .array();
    }

    /** A locally administered address that ends as the host's IP address does, or all ones. */
    private static byte[] mac(String host) {
        if (host.startsWith("ff:")) {
            return HexFormat.ofDelimiter(":").parseHex(host);
        }
        byte[] ip = address(host);
        return new byte[] {2, 0, 0, 0, 0, ip[ip.length - 1]};
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}

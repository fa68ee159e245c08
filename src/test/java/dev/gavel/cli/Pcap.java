package dev.gavel.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A capture of raw IP packets (link type 101) by hand, one a millisecond from 2026-11-20T08:31:02 on. */
final class Pcap {
    static final int MICROSECONDS = 0xa1b2c3d4;
    static final int NANOSECONDS = 0xa1b23c4d;
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int RAW_IP = 101;
    private static final int START = 1_795_163_462;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int fractionsPerMillisecond;
    private int count;

    Pcap() {
        this(MICROSECONDS);
    }

    Pcap(int magic) {
        fractionsPerMillisecond = magic == NANOSECONDS ? 1_000_000 : 1_000;
        out.writeBytes(little(24)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(262_144)
                .putInt(RAW_IP)
                .array());
    }

    Pcap add(byte[] packet) {
        return add(packet, packet.length);
    }

    /** A packet of {@code originalLength} bytes, of which {@code captured} is the beginning. */
    Pcap add(byte[] captured, int originalLength) {
        out.writeBytes(little(16)
                .putInt(START + count / 1_000)
                .putInt(count % 1_000 * fractionsPerMillisecond + 7)
                .putInt(captured.length)
                .putInt(originalLength)
                .array());
        out.writeBytes(captured);
        count++;
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("test.pcap"), bytes());
    }

    static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** From 192.0.2.{@code from} to 192.0.2.{@code to}. */
    static byte[] ipv4(int protocol, int from, int to, byte[] payload) {
        return fragment(protocol, from, to, 0, payload);
    }

    /** {@code flagsAndOffset} as RFC 791 has it: 0x2000 more fragments, then the offset in 8 bytes. */
    static byte[] fragment(int protocol, int from, int to, int flagsAndOffset, byte[] payload) {
        return ByteBuffer.allocate(20 + payload.length)
                .putShort((short) 0x4500)
                .putShort((short) (20 + payload.length))
                .putShort((short) 1) // id
                .putShort((short) flagsAndOffset)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0) // checksum: nobody looks at it
                .putInt(0xc0000200 | from)
                .putInt(0xc0000200 | to)
                .put(payload)
                .array();
    }

    static byte[] udp(int from, int fromPort, int to, int toPort, String data) {
        return ipv4(UDP, from, to, datagram(fromPort, toPort, data));
    }

    static byte[] datagram(int fromPort, int toPort, String data) {
        return ByteBuffer.allocate(8 + data.length())
                .putShort((short) fromPort)
                .putShort((short) toPort)
                .putShort((short) (8 + data.length()))
                .putShort((short) 0)
                .put(data.getBytes(US_ASCII))
                .array();
    }

    static byte[] tcp(int from, int fromPort, int to, int toPort, String data) {
        return ipv4(
                TCP,
                from,
                to,
                ByteBuffer.allocate(20 + data.length())
                        .putShort((short) fromPort)
                        .putShort((short) toPort)
                        .putLong(0x0000_0001_0000_0001L) // sequence, acknowledgment
                        .putInt(0x5018_ffff) // 5 words, PSH ACK, window
                        .putInt(0)
                        .put(data.getBytes(US_ASCII))
                        .array());
    }

    /** An ICMP message of {@code type} with {@code rest} behind type, code and checksum. */
    static byte[] icmp(int from, int to, int type, byte[] rest) {
        return ipv4(
                1,
                from,
                to,
                ByteBuffer.allocate(4 + rest.length)
                        .putInt(type << 24)
                        .put(rest)
                        .array());
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}

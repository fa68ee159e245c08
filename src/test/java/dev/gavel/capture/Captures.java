package dev.gavel.capture;

import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Captures by hand: hexadecimal bytes in, what a source makes of them out. */
final class Captures {
    /** pcap, little-endian, microseconds, without its link type. */
    static final String PCAP =
            "d4c3b2a1" + "0200" + "0400" + "00000000" + "00000000" + "00000400"; // magic … snap length

    /** A whole IPv4 header, TTL 64, protocol 253, 192.0.2.1 to 192.0.2.2, nothing in it. */
    static final String IPV4 = "45000014" + "00000000" + "40fd0000" + "c0000201" + "c0000202";
    /** A whole IPv6 header, no next header, hop limit 64, with 2 bytes of payload. */
    static final String IPV6 =
            "60000000" + "00023b40" + "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "aabb";

    private Captures() {}

    static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    /** 32 bits, little-endian. */
    static String le(int number) {
        return String.format("%08x", Integer.reverseBytes(number));
    }

    /** One pcap record of 2 s and 3 µs, little-endian, with all bytes of {@code frame}. */
    static String record(String frame) {
        return le(2) + le(3) + le(frame.length() / 2) + le(frame.length() / 2) + frame;
    }

    /** A pcap file with these frames. */
    static byte[] pcap(int linkType, String... frames) {
        StringBuilder records = new StringBuilder();
        for (String frame : frames) {
            records.append(record(frame));
        }
        return hex(PCAP, le(linkType), records.toString());
    }

    static CaptureSource source(byte[] file) {
        return source(file, CaptureContext.NONE);
    }

    static CaptureSource source(byte[] file, CaptureContext context) {
        try {
            return CaptureSource.read(new ByteArrayInputStream(file), "test.pcap", context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A slot of {@code length} bytes in the middle of a buffer. */
    static QueuedPacket slot(int length) {
        return new QueuedPacket(Unpooled.wrappedBuffer(new byte[length + 64]), 32, length);
    }

    /** The next packet of {@code source}, which has one. */
    static QueuedPacket next(CaptureSource source) {
        QueuedPacket slot = slot(66 * 1024);
        if (source.receive(new QueuedPacket[] {slot}, 1) != 1) {
            throw new AssertionError("no packet");
        }
        return slot;
    }

    static boolean isAtEnd(CaptureSource source) {
        return source.receive(new QueuedPacket[] {slot(1500)}, 1) == PacketSource.END;
    }

    /** What is left of {@code source}: each packet's time in nanoseconds and bytes. */
    static List<String> rest(CaptureSource source) {
        List<String> packets = new ArrayList<>();
        QueuedPacket slot = slot(66 * 1024);
        while (source.receive(new QueuedPacket[] {slot}, 1) == 1) {
            packets.add(slot.receivedNs() + " " + bytes(slot));
        }
        return packets;
    }

    static String bytes(QueuedPacket packet) {
        return ByteBufUtil.hexDump(packet.buffer(), packet.offset(), packet.capturedLength());
    }
}

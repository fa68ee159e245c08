package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;

/** Known packets, and how the tests of this package look at bytes. */
final class Packets {
    /** A SYN with options and two bytes of data, in a packet with IP options and two bytes of padding behind it. */
    static final String IPV4_TCP = "46" + "b9" + "0032" // version, 6 words; DSCP 46, ECN 1; 50 bytes
            + "1234" + "4000" // id; do not fragment
            + "3f" + "06" + "0000" // TTL 63, TCP, checksum not looked at
            + "c0000201" + "c6336402" // 192.0.2.1 to 198.51.100.2
            + "94040000" // router alert
            + "d431" + "01bb" // ports 54321, 443
            + "fffffff0" + "01020304" // sequence, acknowledgment
            + "60c2" + "fff0" // 6 words, CWR ECE SYN; window
            + "0000" + "0000" // checksum, urgent
            + "020405b4" // MSS 1460
            + "4142" // data
            + "0000"; // padding

    static final String IPV4_UDP = "4500" + "001f" // 31 bytes
            + "0001" + "0000" + "40" + "11" + "0000" // UDP
            + "c0000201" + "c6336402"
            + "0035" + "d431" // ports 53, 54321
            + "000a" + "0000" // 10 bytes, one less than the IP header has; no checksum
            + "4142" // data
            + "ff"; // trailer

    static final String IPV4_ECHO = "4500" + "001e" // 30 bytes
            + "0001" + "0000" + "40" + "01" + "0000" // ICMP
            + "c0000201" + "c6336402"
            + "0800" + "0000" // echo request
            + "beef" + "0001" // identifier, sequence
            + "4142"; // data

    /** With a hop-by-hop header, a destination options header and an atomic fragment header before the TCP header. */
    static final String IPV6_TCP = "6b9" + "12345" // DSCP 46, ECN 1, flow label
            + "002e" + "00" + "3f" // 46 bytes, hop-by-hop, hop limit 63
            + "20010db8000000000000000000000001" + "20010db80000000000000000000000ff"
            + "3c00" + "010400000000" // then destination options; PadN
            + "2c00" + "010400000000" // then fragment
            + "0600" + "0000" + "0000abcd" // then TCP; offset 0, no more; id
            + "d431" + "01bb" // ports
            + "fffffff0" + "01020304" // sequence, acknowledgment
            + "5018" + "fff0" // 5 words, ACK PSH; window
            + "0000" + "0000" // checksum, urgent
            + "4142"; // data

    static final String IPV6_SCTP = "60000000" + "0010" + "84" + "40" // 16 bytes, SCTP
            + "20010db8000000000000000000000001" + "20010db80000000000000000000000ff"
            + "0b59" + "0b5a" + "00000001" + "00000000" // ports 2905, 2906, tag, checksum
            + "0b000004"; // a cookie acknowledgment

    static final String IPV6_ECHO = "60000000" + "000a" + "3a" + "40" // 10 bytes, ICMPv6
            + "20010db8000000000000000000000001" + "20010db80000000000000000000000ff"
            + "8100" + "0000" // echo reply
            + "beef" + "0001" // identifier, sequence
            + "4142"; // data

    private Packets() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** A buffer that ends where the packet ends, so that a read beyond it throws. */
    static ByteBuf buffer(String hex) {
        return Unpooled.wrappedBuffer(bytes(hex));
    }

    /** The view of a packet that must be in order. */
    static PacketView view(String hex) {
        return view(bytes(hex));
    }

    static PacketView view(byte[] packet) {
        PacketView view = new PacketView();
        assertThat(decode(view, packet)).as(HexFormat.of().formatHex(packet)).isEqualTo(Decoding.OK);
        return view;
    }

    static Decoding decode(PacketView view, byte[] packet) {
        return view.decode(Unpooled.wrappedBuffer(packet), 0, packet.length, packet.length);
    }

    /** {@code packet} with the bytes of {@code hex} at {@code position}. */
    static byte[] with(byte[] packet, int position, String hex) {
        byte[] changed = packet.clone();
        byte[] bytes = bytes(hex);
        System.arraycopy(bytes, 0, changed, position, bytes.length);
        return changed;
    }

    /** The packet with its ends exchanged: addresses, and ports if it has any. Checksums stay right. */
    static byte[] reversed(byte[] packet) {
        PacketView view = view(packet);
        byte[] reversed = packet.clone();
        int addresses = view.version() == 4 ? 12 : 8;
        int size = view.version() == 4 ? 4 : 16;
        exchange(reversed, addresses, size);
        if (view.sourcePort() >= 0) {
            exchange(reversed, view.l4Offset(), 2);
        }
        return reversed;
    }

    private static void exchange(byte[] bytes, int at, int size) {
        byte[] first = Arrays.copyOfRange(bytes, at, at + size);
        System.arraycopy(bytes, at + size, bytes, at, size);
        System.arraycopy(first, 0, bytes, at + size, size);
    }
}

package dev.gavel.packet;

import static dev.gavel.packet.PacketAssert.assertPacket;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class UpperHeaderTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final String TCP_HEADER =
            "d431" + "01bb" + "00000001" + "00000002" + "5010" + "fff0" + "0000" + "0000";
    private static final String FIRST_FRAGMENT = "2000";
    private static final String WHOLE = "0000";

    private final PacketView view = new PacketView();

    @Test
    void blamesTcp() {
        expectMalformed(Layer.TCP, TCP, WHOLE, TCP_HEADER.substring(0, 38)); // 19 bytes
        expectMalformed(Layer.TCP, TCP, WHOLE, TCP_HEADER.replace("5010", "4f10")); // 4 words
        expectMalformed(Layer.TCP, TCP, WHOLE, TCP_HEADER.replace("5010", "6010")); // 6 words, 5 are there
        expectMalformed(Layer.TCP, TCP, FIRST_FRAGMENT, TCP_HEADER.replace("5010", "6010")); // RFC 7112 in spirit
        expectOk(TCP, WHOLE, TCP_HEADER);
        assertThat(view.payloadLength()).isZero();
    }

    @Test
    void blamesUdp() {
        expectMalformed(Layer.UDP, UDP, WHOLE, "0035d431000800"); // 7 bytes
        expectMalformed(Layer.UDP, UDP, WHOLE, "0035d43100070000"); // length less than the header
        expectMalformed(Layer.UDP, UDP, WHOLE, "0035d43100000000"); // none, but no jumbogram
        expectMalformed(Layer.UDP, UDP, WHOLE, "0035d43100090000"); // one byte too many
        expectOk(UDP, WHOLE, "0035d43100080000");
    }

    @Test
    void expectsTheRestOfAFirstFragmentsDatagramLater() {
        expectOk(UDP, FIRST_FRAGMENT, "0035d431" + "ffff" + "0000" + "4142");
        assertPacket(view).payloadLength(2).originalPayloadLength(2);
    }

    @Test
    void blamesSctpAndIcmp() {
        expectMalformed(Layer.SCTP, SCTP, WHOLE, "0b590b5a0000000100000000".substring(2));
        expectMalformed(Layer.ICMP, ICMP, WHOLE, "08000000beef00");
        expectMalformed(Layer.ICMP, ICMP, FIRST_FRAGMENT, "08000000beef00");
        expectOk(SCTP, WHOLE, "0b590b5a0000000100000000");
        expectOk(ICMP, WHOLE, "08000000beef0001");
    }

    @Test
    void readsIdentifiersOfEchoMessagesOnly() {
        for (int type = 0; type < 256; type++) {
            expectOk(ICMP, WHOLE, String.format("%02x", type) + "000000beef0001");
            assertPacket(view).icmpType(type).icmpIdentifier(type == 0 || type == 8 ? 0xbeef : -1);

            byte[] ipv6 = Packets.with(Packets.bytes(Packets.IPV6_ECHO), 40, String.format("%02x", type));
            assertThat(Packets.view(ipv6).icmpIdentifier()).isEqualTo(type == 128 || type == 129 ? 0xbeef : -1);
        }
    }

    @Test
    void takesTheOtherVersionsIcmpAndAllElseForUnknown() {
        for (int protocol : new int[] {ICMPV6, 4, 41, 47, 50, 51, 136, 255}) {
            expectOk(protocol, WHOLE, "ff");
            assertPacket(view)
                    .isOfNoKnownProtocol()
                    .icmpType(-1)
                    .sourcePort(-1)
                    .payloadOffset(20)
                    .payloadLength(1);
        }
        byte[] ipv6 = Packets.with(Packets.bytes(Packets.IPV6_ECHO), 6, "01");
        assertThat(Packets.view(ipv6).isIcmp()).isFalse();
        assertThat(Packets.view(ipv6).payloadLength()).isEqualTo(10);
    }

    @Test
    void namesLayersAsMetricsDo() {
        assertThat(Arrays.stream(Layer.values()).map(Layer::word)).containsExactly("ip", "tcp", "udp", "icmp", "sctp");
    }

    private void expectOk(int protocol, String fragment, String upper) {
        assertThat(Packets.decode(view, ipv4(protocol, fragment, upper)))
                .as(upper)
                .isEqualTo(Decoding.OK);
    }

    private void expectMalformed(Layer layer, int protocol, String fragment, String upper) {
        assertThat(Packets.decode(view, ipv4(protocol, fragment, upper)))
                .as(upper)
                .isEqualTo(Decoding.MALFORMED);
        assertThat(view.malformedLayer()).isEqualTo(layer);
        assertThat(view.sourceLow()).isEqualTo(0xc0000201L); // the IP header stands
        assertThat(view.sourcePort()).isEqualTo(-1);
        assertPacket(view).isOfNoKnownProtocol();
    }

    private static byte[] ipv4(int protocol, String fragment, String upper) {
        int length = 20 + upper.length() / 2;
        HexFormat hex = HexFormat.of();
        return Packets.bytes("4500" + hex.toHexDigits((short) length) + "0001" + fragment + "40"
                + hex.toHexDigits((byte) protocol) + "0000" + "c0000201" + "c6336402" + upper);
    }
}

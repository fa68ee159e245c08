package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketViewTest {
    private final PacketView view = new PacketView();

    @Test
    void readsEveryFieldOfTcpOverIpv4() {
        byte[] packet = Packets.bytes("eeee" + Packets.IPV4_TCP + "eeee");
        ByteBuf buffer = Unpooled.wrappedBuffer(packet);

        assertThat(view.decode(buffer, 2, packet.length - 4, packet.length - 4)).isEqualTo(Decoding.OK);

        assertThat(view.version()).isEqualTo(4);
        assertThat(view.dscp()).isEqualTo(46);
        assertThat(view.ecn()).isEqualTo(1);
        assertThat(view.ttl()).isEqualTo(63);
        assertThat(view.protocol()).isEqualTo(6);
        assertThat(view.hasIpOptions()).isTrue();
        assertThat(view.isFragment()).isFalse();
        assertThat(view.sourceHigh()).isZero();
        assertThat(view.sourceLow()).isEqualTo(0xc0000201L);
        assertThat(view.destinationHigh()).isZero();
        assertThat(view.destinationLow()).isEqualTo(0xc6336402L);
        assertThat(view.isTcp()).isTrue();
        assertThat(view.isUdp() || view.isIcmp() || view.isSctp()).isFalse();
        assertThat(view.sourcePort()).isEqualTo(54321);
        assertThat(view.destinationPort()).isEqualTo(443);
        assertThat(view.tcpSequence()).isEqualTo(0xfffffff0);
        assertThat(view.tcpAcknowledgment()).isEqualTo(0x01020304);
        assertThat(view.tcpFlags()).isEqualTo(0xc2);
        assertThat(view.tcpWindow()).isEqualTo(0xfff0);
        assertThat(view.icmpType()).isEqualTo(-1);
        assertThat(view.icmpCode()).isEqualTo(-1);
        assertThat(view.icmpIdentifier()).isEqualTo(-1);
        assertThat(view.ipLength()).isEqualTo(50);
        assertThat(view.captured()).isEqualTo(50);
        assertThat(view.offset()).isEqualTo(2);
        assertThat(view.l4Offset()).isEqualTo(26);
        assertThat(view.payloadOffset()).isEqualTo(50);
        assertThat(view.payloadLength()).isEqualTo(2);
        assertThat(view.originalPayloadLength()).isEqualTo(2);
    }

    @Test
    void readsTcpBehindIpv6ExtensionHeaders() {
        assertThat(Packets.decode(view, Packets.bytes(Packets.IPV6_TCP))).isEqualTo(Decoding.OK);

        assertThat(view.version()).isEqualTo(6);
        assertThat(view.dscp()).isEqualTo(46);
        assertThat(view.ecn()).isEqualTo(1);
        assertThat(view.ttl()).isEqualTo(63);
        assertThat(view.protocol()).isEqualTo(6);
        assertThat(view.hasIpOptions()).isTrue();
        assertThat(view.isFragment()).isFalse();
        assertThat(view.sourceHigh()).isEqualTo(0x20010db800000000L);
        assertThat(view.sourceLow()).isEqualTo(1);
        assertThat(view.destinationHigh()).isEqualTo(0x20010db800000000L);
        assertThat(view.destinationLow()).isEqualTo(0xff);
        assertThat(view.isTcp()).isTrue();
        assertThat(view.sourcePort()).isEqualTo(54321);
        assertThat(view.destinationPort()).isEqualTo(443);
        assertThat(view.tcpFlags()).isEqualTo(0x18);
        assertThat(view.ipLength()).isEqualTo(86);
        assertThat(view.l4Offset()).isEqualTo(64);
        assertThat(view.payloadOffset()).isEqualTo(84);
        assertThat(view.payloadLength()).isEqualTo(2);
    }

    @Test
    void leavesTheTrailerOutOfUdpPayload() {
        Packets.decode(view, Packets.bytes(Packets.IPV4_UDP));
        assertThat(view.isUdp()).isTrue();
        assertThat(view.isTcp()).isFalse();
        assertThat(view.hasIpOptions()).isFalse();
        assertThat(view.sourcePort()).isEqualTo(53);
        assertThat(view.destinationPort()).isEqualTo(54321);
        assertThat(view.tcpFlags()).isEqualTo(-1);
        assertThat(view.tcpWindow()).isEqualTo(-1);
        assertThat(view.payloadOffset()).isEqualTo(28);
        assertThat(view.payloadLength()).isEqualTo(2);
        assertThat(view.ipLength()).isEqualTo(31);
    }

    @Test
    void readsIcmpOfBothIpVersions() {
        Packets.decode(view, Packets.bytes(Packets.IPV4_ECHO));
        assertThat(view.isIcmp()).isTrue();
        assertThat(view.icmpType()).isEqualTo(8);
        assertThat(view.icmpCode()).isZero();
        assertThat(view.icmpIdentifier()).isEqualTo(0xbeef);
        assertThat(view.sourcePort()).isEqualTo(-1);
        assertThat(view.payloadOffset()).isEqualTo(28);
        assertThat(view.payloadLength()).isEqualTo(2);

        Packets.decode(view, Packets.bytes(Packets.IPV6_ECHO));
        assertThat(view.isIcmp()).isTrue();
        assertThat(view.icmpType()).isEqualTo(129);
        assertThat(view.icmpIdentifier()).isEqualTo(0xbeef);
    }

    @Test
    void readsSctp() {
        Packets.decode(view, Packets.bytes(Packets.IPV6_SCTP));
        assertThat(view.isSctp()).isTrue();
        assertThat(view.sourcePort()).isEqualTo(2905);
        assertThat(view.destinationPort()).isEqualTo(2906);
        assertThat(view.payloadOffset()).isEqualTo(52);
        assertThat(view.payloadLength()).isEqualTo(4);
    }

    @Test
    void forgetsThePacketBefore() {
        Packets.decode(view, Packets.bytes(Packets.IPV6_TCP));
        Packets.decode(view, Packets.bytes("00"));
        assertThat(view.version()).isZero();
        assertThat(view.sourceLow()).isZero();
        assertThat(view.protocol()).isZero();
        assertThat(view.isTcp()).isFalse();
        assertThat(view.sourcePort()).isEqualTo(-1);
        assertThat(view.payloadLength()).isEqualTo(-1);
        assertThat(view.hasIpOptions()).isFalse();
    }

    @Test
    void callsNothingAndOtherVersionsNotIp() {
        assertThat(Packets.decode(view, new byte[0])).isEqualTo(Decoding.NOT_IP);
        for (int first = 0; first < 256; first++) {
            boolean isIp = first >> 4 == 4 || first >> 4 == 6;
            byte[] packet = new byte[60];
            packet[0] = (byte) first;
            assertThat(Packets.decode(view, packet) == Decoding.NOT_IP).isEqualTo(!isIp);
        }
    }

    /** As the kernel cuts at the copy range: the packet is longer, so a header that is not there is no fault of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                Packets.IPV4_TCP,
                Packets.IPV4_UDP,
                Packets.IPV4_ECHO,
                Packets.IPV6_TCP,
                Packets.IPV6_SCTP,
                Packets.IPV6_ECHO
            })
    void tellsCutHeadersFromCutPayload(String hex) {
        byte[] packet = Packets.bytes(hex);
        PacketView whole = Packets.view(packet);
        for (int length = 1; length <= packet.length; length++) {
            ByteBuf buffer = Unpooled.wrappedBuffer(Arrays.copyOf(packet, length));
            Decoding decoding = view.decode(buffer, 0, length, packet.length);
            int payload = whole.payloadOffset();
            assertThat(decoding).as("%d bytes", length).isEqualTo(length < payload ? Decoding.CUT : Decoding.OK);
            int held = Math.min(length - payload, whole.payloadLength());
            assertThat(view.payloadLength()).isEqualTo(Math.max(held, -1));
            assertThat(view.ipLength()).isEqualTo(view.version() == 0 ? packet.length : whole.ipLength());
            assertThat(view.captured()).isEqualTo(Math.min(length, view.ipLength()));
        }
    }

    /** As a packet arrives that is shorter than its headers say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                Packets.IPV4_TCP,
                Packets.IPV4_UDP,
                Packets.IPV4_ECHO,
                Packets.IPV6_TCP,
                Packets.IPV6_SCTP,
                Packets.IPV6_ECHO
            })
    void blamesTheIpHeaderOfEveryShortenedPacket(String hex) {
        byte[] packet = Packets.bytes(hex);
        int ipLength = Packets.view(packet).ipLength();
        for (int length = 1; length < ipLength; length++) {
            assertThat(Packets.decode(view, Arrays.copyOf(packet, length))).isEqualTo(Decoding.MALFORMED);
            assertThat(view.malformedLayer()).isEqualTo(Layer.IP);
            assertThat(view.isTcp() || view.isUdp() || view.isIcmp() || view.isSctp())
                    .isFalse();
            assertThat(view.payloadOffset()).isEqualTo(-1);
        }
        assertThat(Packets.decode(view, Arrays.copyOf(packet, ipLength))).isEqualTo(Decoding.OK);
    }

    @Test
    void refusesBytesThatTheBufferDoesNotHold() {
        ByteBuf buffer = Packets.buffer(Packets.IPV4_UDP);
        assertThatThrownBy(() -> view.decode(buffer, 1, 31, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> view.decode(buffer, -1, 31, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> view.decode(buffer, 0, 31, 30)).isInstanceOf(IllegalArgumentException.class);
    }
}

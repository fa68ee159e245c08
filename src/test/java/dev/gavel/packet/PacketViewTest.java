package dev.gavel.packet;

import static dev.gavel.packet.PacketAssert.assertPacket;
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

        assertPacket(view)
                .version(4)
                .dscp(46)
                .ecn(1)
                .ttl(63)
                .protocol(6)
                .hasIpOptions()
                .isWhole()
                .sourceHigh(0)
                .sourceLow(0xc0000201L)
                .destinationHigh(0)
                .destinationLow(0xc6336402L)
                .isTcp()
                .sourcePort(54321)
                .destinationPort(443)
                .tcpSequence(0xfffffff0)
                .tcpAcknowledgment(0x01020304)
                .tcpFlags(0xc2)
                .tcpWindow(0xfff0)
                .icmpType(-1)
                .icmpCode(-1)
                .icmpIdentifier(-1)
                .ipLength(50)
                .captured(50)
                .offset(2)
                .l4Offset(26)
                .payloadOffset(50)
                .payloadLength(2)
                .originalPayloadLength(2);
    }

    @Test
    void readsTcpBehindIpv6ExtensionHeaders() {
        assertThat(Packets.decode(view, Packets.bytes(Packets.IPV6_TCP))).isEqualTo(Decoding.OK);

        assertPacket(view)
                .version(6)
                .dscp(46)
                .ecn(1)
                .ttl(63)
                .protocol(6)
                .hasIpOptions()
                .isWhole()
                .sourceHigh(0x20010db800000000L)
                .sourceLow(1)
                .destinationHigh(0x20010db800000000L)
                .destinationLow(0xff)
                .isTcp()
                .sourcePort(54321)
                .destinationPort(443)
                .tcpFlags(0x18)
                .ipLength(86)
                .l4Offset(64)
                .payloadOffset(84)
                .payloadLength(2);
    }

    @Test
    void leavesTheTrailerOutOfUdpPayload() {
        Packets.decode(view, Packets.bytes(Packets.IPV4_UDP));
        assertPacket(view)
                .isUdp()
                .hasNoIpOptions()
                .sourcePort(53)
                .destinationPort(54321)
                .tcpFlags(-1)
                .tcpWindow(-1)
                .payloadOffset(28)
                .payloadLength(2)
                .ipLength(31);
    }

    @Test
    void readsIcmpOfBothIpVersions() {
        Packets.decode(view, Packets.bytes(Packets.IPV4_ECHO));
        assertPacket(view)
                .isIcmp()
                .icmpType(8)
                .icmpCode(0)
                .icmpIdentifier(0xbeef)
                .sourcePort(-1)
                .payloadOffset(28)
                .payloadLength(2);

        Packets.decode(view, Packets.bytes(Packets.IPV6_ECHO));
        assertPacket(view).isIcmp().icmpType(129).icmpIdentifier(0xbeef);
    }

    @Test
    void readsSctp() {
        Packets.decode(view, Packets.bytes(Packets.IPV6_SCTP));
        assertPacket(view)
                .isSctp()
                .sourcePort(2905)
                .destinationPort(2906)
                .payloadOffset(52)
                .payloadLength(4);
    }

    @Test
    void forgetsThePacketBefore() {
        Packets.decode(view, Packets.bytes(Packets.IPV6_TCP));
        Packets.decode(view, Packets.bytes("00"));
        assertPacket(view)
                .version(0)
                .sourceLow(0)
                .protocol(0)
                .isOfNoKnownProtocol()
                .sourcePort(-1)
                .payloadLength(-1)
                .hasNoIpOptions();
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
            assertPacket(view)
                    .payloadLength(Math.max(held, -1))
                    .ipLength(view.version() == 0 ? packet.length : whole.ipLength())
                    .captured(Math.min(length, view.ipLength()));
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
            assertPacket(view).isOfNoKnownProtocol();
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

package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

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
    void refusesBytesThatTheBufferDoesNotHold() {
        ByteBuf buffer = Packets.buffer(Packets.IPV4_UDP);
        assertThatThrownBy(() -> view.decode(buffer, 1, 31, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> view.decode(buffer, -1, 31, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> view.decode(buffer, 0, 31, 30)).isInstanceOf(IllegalArgumentException.class);
    }
}

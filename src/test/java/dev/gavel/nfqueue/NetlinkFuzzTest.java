package dev.gavel.nfqueue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gavel.netlink.AttributeCursor;
import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Any bytes are a datagram here, whole or cut. Replays its corpus in the build; {@code JAZZER_FUZZ=1} looks for more.
 */
class NetlinkFuzzTest {
    private static final int PAYLOAD_LIMIT = 0xffff - 4; // an attribute's length is 16 bits, its header included
    private static final int PACKET_ID = 24;

    private final NetlinkMessage message = new NetlinkMessage();
    private final PacketMessage packetMessage = new PacketMessage();

    @FuzzTest(maxDuration = "60s")
    void staysWithinAnyMessage(byte[] datagram) {
        QueuedPacket whole = expectSound(datagram, datagram.length);
        for (int cut : new int[] {datagram.length - 1, datagram.length / 2, PACKET_ID + 4}) {
            if (cut >= 0 && cut < datagram.length) {
                QueuedPacket part = expectSound(datagram, cut);
                if (whole != null && cut >= PACKET_ID + 4) {
                    assertThat(part)
                            .as("a packet of %d bytes that can be answered", cut)
                            .isNotNull();
                    assertThat(part.packetId()).isEqualTo(whole.packetId());
                    assertThat(part.queueNumber()).isEqualTo(whole.queueNumber());
                }
            }
        }
    }

    /** Reads the first {@code received} bytes as the reader of a queue does; null if they are no packet. */
    private QueuedPacket expectSound(byte[] datagram, int received) {
        // The buffer is the slot and ends where the datagram ends: a read outside of it throws.
        ByteBuf slot = Unpooled.wrappedBuffer(datagram, 0, received);
        boolean readable = message.wrap(slot, 0, received);
        assertThat(readable)
                .isEqualTo(received >= NetlinkMessage.HEADER_BYTES
                        && slot.getUnsignedIntLE(0) >= NetlinkMessage.HEADER_BYTES);
        if (!readable) {
            return null;
        }
        expectSoundMessage(slot, received);
        QueuedPacket packet = new QueuedPacket(slot, 0, received);
        if (!packetMessage.read(message, slot, packet, 1)) {
            return null;
        }
        expectSoundPacket(packet, received);
        return packet;
    }

    private void expectSoundMessage(ByteBuf slot, int received) {
        assertThat(message.length()).isBetween(NetlinkMessage.HEADER_BYTES, received);
        assertThat(message.end()).isEqualTo(message.length());
        assertThat(message.type()).isBetween(0, 0xffff);
        assertThat(message.flags()).isBetween(0, 0xffff);
        message.sequence();
        if (message.hasError()) {
            assertThat(message.type()).isEqualTo(NetlinkMessage.ERROR);
            message.errno();
        }
        if (message.hasQueueHeader()) {
            assertThat(message.queueNumber()).isBetween(0, 0xffff);
            expectSoundAttributes(slot, message.attributesOffset(), message.end());
        }
    }

    private static void expectSoundAttributes(ByteBuf slot, int from, int to) {
        AttributeCursor attributes = new AttributeCursor();
        attributes.wrap(slot, from, to);
        int before = from;
        while (attributes.next()) {
            assertThat(attributes.offset()).isBetween(before + 4, to); // so it comes to an end
            assertThat(attributes.type()).isBetween(0, 0x3fff);
            assertThat(attributes.length()).isBetween(0, to - attributes.offset());
            assertThat(attributes.claimedLength()).isBetween(attributes.length(), PAYLOAD_LIMIT);
            before = attributes.offset() + attributes.length();
        }
    }

    private static void expectSoundPacket(QueuedPacket packet, int received) {
        assertThat(packet.offset()).isBetween(0, received);
        assertThat(packet.capturedLength()).isBetween(0, received - packet.offset());
        assertThat(packet.originalLength()).isGreaterThanOrEqualTo(packet.capturedLength());
        assertThat(packet.queueNumber()).isBetween(0, 0xffff);
        assertThat(packet.vlan()).isBetween(QueuedPacket.ABSENT, 0xfffL);
        assertThat(packet.sourceMac()).isBetween(QueuedPacket.ABSENT, (1L << 48) - 1);
        assertThat(packet.uid()).isBetween(QueuedPacket.ABSENT, 0xffff_ffffL);
        assertThat(packet.gid()).isBetween(QueuedPacket.ABSENT, 0xffff_ffffL);
        assertThat(packet.receivedNs()).isEqualTo(1);
    }
}

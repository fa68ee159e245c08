package dev.gavel.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.FlowHash;
import dev.gavel.packet.PacketView;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.junit.jupiter.api.Test;

/** What a slot keeps of its packet. */
class QueuedPacketTest {
    private static final String UDP = "450000200000000040110000" + "0a000001" + "0a000002" // IPv4, 32 bytes
            + "04000035" + "000c0000" // UDP 1024 to 53, 12 bytes
            + "00000000";
    private static final String ANSWER = UDP.replace("0a0000010a000002" + "04000035", "0a0000020a000001" + "00350400");
    private static final int LENGTH = 32;
    private static final int PROTOCOL = 9;

    private final FlowHash hash = new FlowHash(1, 2);
    private final CountingBytes bytes = new CountingBytes();
    private final QueuedPacket packet = new QueuedPacket(bytes, 0, LENGTH, hash);

    /** Counts how often a header was decoded: each time its protocol is read once. */
    private static final class CountingBytes extends UnpooledHeapByteBuf {
        private int decodings;

        CountingBytes() {
            super(UnpooledByteBufAllocator.DEFAULT, LENGTH, LENGTH);
        }

        @Override
        public byte getByte(int index) {
            decodings += index == PROTOCOL ? 1 : 0;
            return super.getByte(index);
        }
    }

    private void receive(String hex) {
        bytes.setBytes(0, ByteBufUtil.decodeHexDump(hex));
        packet.reset(0, 1, 0).bytes(0, LENGTH, LENGTH);
    }

    @Test
    void decodesOnceWhoeverAsks() {
        receive(UDP);
        assertThat(bytes.decodings).as("nobody has asked").isZero();
        assertThat(packet.decoding()).isEqualTo(Decoding.OK);
        assertThat(packet.view().destinationPort()).isEqualTo(53);
        packet.flowHash();
        packet.view();
        packet.decoding();
        assertThat(bytes.decodings).isEqualTo(1);
    }

    @Test
    void forgetsThePacketBefore() {
        receive(UDP);
        int before = packet.flowHash();
        receive(UDP.replace("0035", "0036"));
        assertThat(packet.view().destinationPort()).isEqualTo(54);
        assertThat(packet.flowHash()).isNotEqualTo(before);
        receive("f" + UDP.substring(1));
        assertThat(packet.decoding()).isEqualTo(Decoding.NOT_IP);
        assertThat(packet.view().version()).isZero();
    }

    @Test
    void hashesBothDirectionsAlikeByTheHashItWasGiven() {
        PacketView view = new PacketView();
        receive(UDP);
        view.decode(bytes, 0, LENGTH, LENGTH);
        int there = packet.flowHash();
        assertThat(there).isEqualTo(hash.hash(view));
        receive(ANSWER);
        assertThat(packet.flowHash()).isEqualTo(there);
    }

    @Test
    void hashesAlikeInEveryRunIfItWasGivenNone() {
        receive(UDP);
        QueuedPacket known = new QueuedPacket(bytes, 0, LENGTH).reset(0, 1, 0).bytes(0, LENGTH, LENGTH);
        assertThat(known.flowHash()).isEqualTo(new FlowHash(0, 0).hash(packet.view()));
    }
}

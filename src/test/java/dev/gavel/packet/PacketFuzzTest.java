package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes are a packet here, whole or cut. Replays its corpus in the build; {@code JAZZER_FUZZ=1} looks for more. */
class PacketFuzzTest {
    private static final FlowHash HASH = new FlowHash(1, 2);

    private final PacketView view = new PacketView();
    private final PacketView other = new PacketView();
    private final ByteBuf out = Unpooled.buffer(ForgedAnswer.MAX_LENGTH, ForgedAnswer.MAX_LENGTH);

    @FuzzTest(maxDuration = "60s")
    void staysWithinAnyPacket(byte[] packet) {
        // The buffer ends where the packet ends: a read beyond it throws.
        ByteBuf buffer = Unpooled.wrappedBuffer(packet);
        expectSound(
                view.decode(buffer, 0, packet.length, packet.length + 100_000), packet.length, packet.length + 100_000);
        Decoding decoding = view.decode(buffer, 0, packet.length, packet.length);
        assertThat(decoding).isNotEqualTo(Decoding.CUT);
        expectSound(decoding, packet.length, packet.length);
        Checksum.isWrong(view);
        Answerable.to(view, ChecksumState.COMPLETE);
        if (decoding == Decoding.OK) {
            expectSameHashOfReverse(packet);
            expectSoundAnswers();
        }
    }

    private void expectSound(Decoding decoding, int captured, int original) {
        assertThat(view.captured()).isBetween(0, captured);
        assertThat(view.ipLength()).isBetween(view.captured(), original);
        assertThat(view.sourcePort()).isBetween(-1, 0xffff);
        assertThat(view.destinationPort()).isBetween(-1, 0xffff);
        assertThat(view.isTcp() || view.isUdp() || view.isSctp()).isEqualTo(view.sourcePort() >= 0);
        assertThat(view.tcpFlags() >= 0).isEqualTo(view.isTcp());
        assertThat(view.icmpType() >= 0).isEqualTo(view.isIcmp());
        HASH.hash(view);
        if (decoding != Decoding.OK || view.isLaterFragment()) {
            assertThat(view.payloadOffset()).isEqualTo(-1);
            assertThat(view.payloadLength()).isEqualTo(-1);
            assertThat(view.sourcePort()).isEqualTo(-1);
            return;
        }
        assertThat(view.version()).isIn(4, 6);
        assertThat(view.l4Offset()).isBetween(20, view.payloadOffset());
        assertThat(view.payloadLength()).isBetween(0, view.originalPayloadLength());
        assertThat(view.payloadOffset() + view.payloadLength()).isLessThanOrEqualTo(view.captured());
        assertThat(view.payloadOffset() + view.originalPayloadLength()).isLessThanOrEqualTo(view.ipLength());
    }

    private void expectSameHashOfReverse(byte[] packet) {
        byte[] reversed = Packets.reversed(packet);
        assertThat(Packets.decode(other, reversed)).isEqualTo(Decoding.OK);
        assertThat(HASH.hash(other)).isEqualTo(HASH.hash(view));
        if (!view.hasIpOptions()) { // a source route's end is not exchanged
            assertThat(Checksum.isWrong(other)).isEqualTo(Checksum.isWrong(view));
        }
    }

    private void expectSoundAnswers() {
        if (view.isTcp()) {
            expectSoundAnswer(ForgedAnswer.writeResetToReceiver(out, view));
            assertThat(other.tcpSequence()).isEqualTo(view.tcpSequence());
            assertThat(other.sourceLow()).isEqualTo(view.sourceLow());
            assertThat(HASH.hash(other) == HASH.hash(view) || view.isFragment()).isTrue();
            expectSoundAnswer(ForgedAnswer.writeResetToSender(out, view));
            assertThat(other.sourceLow()).isEqualTo(view.destinationLow());
            assertThat(HASH.hash(other) == HASH.hash(view) || view.isFragment()).isTrue();
        }
        if (!view.isLaterFragment()) {
            expectSoundAnswer(ForgedAnswer.writeUnreachable(out, view));
        }
    }

    /** Leaves the answer in {@link #other}. Its own answer would be none, so no two daemons answer each other. */
    private void expectSoundAnswer(int length) {
        assertThat(other.decode(out, 0, length, length)).isEqualTo(Decoding.OK);
        assertThat(other.ipLength()).isEqualTo(length);
        assertThat(other.version()).isEqualTo(view.version());
        assertThat(Checksum.isWrong(other)).isFalse();
        assertThat(other.version() == 4 ? Checksum.of(out, 0, 20) : 0).isZero();
        assertThat(Answerable.to(other, ChecksumState.COMPLETE)).isEqualTo(Answerable.NONE);
    }
}

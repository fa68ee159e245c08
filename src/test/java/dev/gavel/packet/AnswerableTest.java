package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerableTest {
    private static final byte[] TCP = Packets.bytes(Packets.IPV4_TCP);
    private static final byte[] UDP = Packets.bytes(Packets.IPV4_UDP);
    private static final byte[] ECHO = Packets.bytes(Packets.IPV4_ECHO);
    private static final byte[] IPV6_TCP = Packets.bytes(Packets.IPV6_TCP);
    private static final byte[] IPV6_ECHO = Packets.bytes(Packets.IPV6_ECHO);

    @ParameterizedTest
    @CsvSource({
        "02, TO_SENDER", // SYN
        "c2, TO_SENDER", // SYN ECE CWR
        "12, TO_BOTH", // SYN ACK
        "10, TO_BOTH", // ACK
        "18, TO_BOTH", // PSH ACK
        "11, TO_BOTH", // FIN ACK
        "01, TO_BOTH", // FIN alone: no stack sends it, yet it is no reset
        "00, TO_BOTH", // nothing
        "04, NONE", // RST
        "14, NONE", // RST ACK
        "06, NONE" // RST SYN
    })
    void answersSegmentsByTheirFlags(String flags, Answerable expected) {
        assertThat(answers(Packets.with(TCP, 37, flags))).isEqualTo(expected);
        assertThat(answers(Packets.with(IPV6_TCP, 77, flags))).isEqualTo(expected);
    }

    @Test
    void answersAllElseToTheSenderOnly() {
        assertThat(answers(UDP)).isEqualTo(Answerable.TO_SENDER);
        assertThat(answers(Packets.bytes(Packets.IPV6_SCTP))).isEqualTo(Answerable.TO_SENDER);
        assertThat(answers(Packets.with(UDP, 9, "2f"))).isEqualTo(Answerable.TO_SENDER); // GRE
    }

    @Test
    void saysWhoIsMeant() {
        assertThat(Answerable.NONE.toSender() || Answerable.NONE.toReceiver()).isFalse();
        assertThat(Answerable.TO_SENDER.toSender() && !Answerable.TO_SENDER.toReceiver())
                .isTrue();
        assertThat(Answerable.TO_BOTH.toSender() && Answerable.TO_BOTH.toReceiver())
                .isTrue();
    }

    @Test
    void neverAnswersIcmpErrorsAndRedirects() {
        for (int type = 0; type < 256; type++) {
            String hex = String.format("%02x", type);
            boolean isQuery = type == 0 || (type >= 8 && type <= 10) || (type >= 13 && type <= 18);
            assertThat(answers(Packets.with(ECHO, 20, hex)))
                    .isEqualTo(isQuery ? Answerable.TO_SENDER : Answerable.NONE);
            boolean isInformational = type >= 128 && type != 137;
            assertThat(answers(Packets.with(IPV6_ECHO, 40, hex)))
                    .isEqualTo(isInformational ? Answerable.TO_SENDER : Answerable.NONE);
        }
    }

    @Test
    void answersFirstFragmentsButNoLaterOnes() {
        assertThat(answers(Packets.with(UDP, 6, "2000"))).isEqualTo(Answerable.TO_SENDER);
        assertThat(answers(Packets.with(UDP, 6, "2001"))).isEqualTo(Answerable.NONE);
        assertThat(answers(Packets.with(TCP, 6, "0001"))).isEqualTo(Answerable.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000", // unspecified
                "00000001", // this network
                "e0000001", // multicast
                "efffffff",
                "f0000001", // reserved
                "ffffffff" // broadcast
            })
    void neverAnswersWhereAnIpv4AddressIsNoHost(String address) {
        for (byte[] packet : new byte[][] {TCP, UDP, ECHO}) {
            assertThat(answers(Packets.with(packet, 12, address))).isEqualTo(Answerable.NONE);
            assertThat(answers(Packets.with(packet, 16, address))).isEqualTo(Answerable.NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000000000000000", "ff020000000000000000000000000001"})
    void neverAnswersWhereAnIpv6AddressIsNoHost(String address) {
        for (byte[] packet : new byte[][] {IPV6_TCP, IPV6_ECHO}) {
            assertThat(answers(Packets.with(packet, 8, address))).isEqualTo(Answerable.NONE);
            assertThat(answers(Packets.with(packet, 24, address))).isEqualTo(Answerable.NONE);
        }
    }

    @Test
    void answersHostsAtTheEdgesOfTheirRanges() {
        for (String address : new String[] {"01000000", "dfffffff", "7f000001"}) {
            assertThat(answers(Packets.with(UDP, 12, address))).isEqualTo(Answerable.TO_SENDER);
        }
        assertThat(answers(Packets.with(IPV6_ECHO, 8, "00000000000000000000000000000001")))
                .isEqualTo(Answerable.TO_SENDER);
        assertThat(answers(Packets.with(IPV6_ECHO, 8, "fe800000000000000000000000000001")))
                .isEqualTo(Answerable.TO_SENDER);
    }

    @Test
    void verifiesChecksumsThatAreComplete() {
        byte[] wrong = Packets.with(TCP, 37, "10");
        assertThat(Answerable.to(Packets.view(wrong), ChecksumState.COMPLETE)).isEqualTo(Answerable.NONE);
        assertThat(Answerable.to(Packets.view(wrong), ChecksumState.NOT_READY)).isEqualTo(Answerable.TO_BOTH);

        byte[] right = Packets.with(wrong, 40, "90c8");
        assertThat(Answerable.to(Packets.view(right), ChecksumState.COMPLETE)).isEqualTo(Answerable.TO_BOTH);
    }

    @Test
    void neverAnswersWhatHasNoWholeHeaders() {
        PacketView view = new PacketView();
        assertThat(Answerable.to(view, ChecksumState.NOT_READY)).isEqualTo(Answerable.NONE);
        view.decode(Unpooled.wrappedBuffer(TCP), 0, 47, TCP.length); // cut
        assertThat(Answerable.to(view, ChecksumState.NOT_READY)).isEqualTo(Answerable.NONE);
        Packets.decode(view, Packets.with(TCP, 36, "f0")); // malformed
        assertThat(Answerable.to(view, ChecksumState.NOT_READY)).isEqualTo(Answerable.NONE);
    }

    private static Answerable answers(byte[] packet) {
        return Answerable.to(Packets.view(packet), ChecksumState.NOT_READY);
    }
}

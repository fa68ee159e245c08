package dev.gavel.packet;

import static dev.gavel.packet.PacketAssert.assertPacket;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class IpHeadersTest {
    private static final String IPV6_ADDRESSES =
            "20010db8000000000000000000000001" + "20010db80000000000000000000000ff";
    private static final String UDP = "0035" + "d431" + "000a" + "0000" + "4142";
    private static final String TCP = "d431" + "01bb" + "00000001" + "00000002" + "5010" + "fff0" + "00000000" + "4142";

    private final PacketView view = new PacketView();

    @Test
    void blamesLyingIpv4Headers() {
        byte[] packet = Packets.bytes(Packets.IPV4_TCP); // 24 bytes of header, 50 in all, 2 of padding
        expectMalformed(Packets.with(packet, 0, "44")); // header shorter than its fixed part
        expectMalformed(Packets.with(packet, 0, "4f")); // options beyond the end
        expectMalformed(Packets.with(packet, 2, "0017")); // total length within the header
        expectMalformed(Packets.with(packet, 2, "0035")); // one more byte than there are
        expectMalformed(Packets.with(Packets.bytes(Packets.IPV4_UDP), 2, "0000")); // no length, but not TCP
    }

    @Test
    void takesTheOriginalLengthOfBigTcp() {
        byte[] packet = Packets.with(Packets.bytes(Packets.IPV4_TCP), 2, "0000");
        ByteBuf buffer = Unpooled.wrappedBuffer(packet);

        assertThat(view.decode(buffer, 0, 52, 180_000)).isEqualTo(Decoding.OK);

        assertPacket(view).ipLength(180_000).captured(52).payloadLength(4).originalPayloadLength(180_000 - 48);

        expectMalformed(Packets.with(packet, 6, "2000")); // and a fragment
    }

    @Test
    void takesTheOriginalLengthOfJumbogramsWithAndWithoutTheirOption() {
        byte[] without = Packets.bytes(ipv6(0, "06", TCP));
        assertThat(view.decode(Unpooled.wrappedBuffer(without), 0, without.length, 100_000))
                .isEqualTo(Decoding.OK);
        assertPacket(view).ipLength(100_000).originalPayloadLength(100_000 - 60);

        byte[] with = Packets.bytes(ipv6(0, "00", "0600" + "c204" + "00018678" + TCP)); // jumbo payload of 99,960
        assertThat(view.decode(Unpooled.wrappedBuffer(with), 0, with.length, 100_000))
                .isEqualTo(Decoding.OK);
        assertPacket(view).ipLength(100_000).originalPayloadLength(100_000 - 68);

        byte[] udp = Packets.bytes(ipv6(0, "11", "0035" + "d431" + "0000" + "0000" + "4142")); // RFC 2675, 4
        assertThat(view.decode(Unpooled.wrappedBuffer(udp), 0, udp.length, 100_000))
                .isEqualTo(Decoding.OK);
        assertThat(view.originalPayloadLength()).isEqualTo(100_000 - 48);

        expectMalformed(
                Packets.bytes(ipv6(0, "2c", "0600" + "0001" + "0000abcd" + TCP))); // RFC 2675, 3: and a fragment
    }

    @Test
    void takesAnEmptyIpv6PacketForWhatItIs() {
        expectOk(ipv6(0, "3b", "000000000000")); // no next header; Ethernet's padding
        assertPacket(view).ipLength(40).payloadLength(0);
    }

    @Test
    void blamesLyingIpv6Headers() {
        expectMalformed(Packets.bytes(ipv6(11, "11", UDP))); // a byte more than there are
        expectMalformed(Packets.bytes(ipv6(8, "00", "1101" + "010400000000" + UDP))); // 16 bytes of options
        expectMalformed(Packets.bytes(ipv6(7, "00", "1100" + "010400000000" + UDP))); // not even 8
        expectMalformed(Packets.bytes(ipv6(15, "2c", "0000" + "0001" + "0000abcd" + "11000104000000"))); // RFC 7112
    }

    @Test
    void walksEveryKindOfExtensionHeader() {
        String padding = "010400000000";
        for (String type : new String[] {"00", "2b", "3c", "87", "8b", "8c"}) { // the last: mobility, HIP, shim6
            expectOk(ipv6(18, type, "1100" + padding + UDP));
            assertPacket(view).isUdp().hasIpOptions().l4Offset(48);
        }
        expectOk(ipv6(34, "33", "1104" + "0000" + "00000001" + "00000002" + "000000000000000000000000" + UDP)); // AH
        assertPacket(view).l4Offset(64).isUdp();
    }

    @Test
    void endsTheWalkAtEncryption() {
        expectOk(ipv6(18, "00", "3200" + "010400000000" + "00000001" + "00000002" + "0000"));
        assertPacket(view).protocol(50).payloadOffset(48).payloadLength(10).sourcePort(-1);
    }

    @Test
    void endsTheWalkAfterSixteenHeadersOr2048Bytes() {
        String option = "3c00" + "010400000000";
        String last = "1100" + "010400000000";
        expectOk(ipv6(16 * 8 + 10, "3c", option.repeat(15) + last + UDP));
        expectMalformed(Packets.bytes(ipv6(17 * 8 + 10, "3c", option.repeat(16) + last + UDP)));

        String full = "3c7f" + "00".repeat(1022); // 1,024 bytes
        String fullAndLast = "117f" + "00".repeat(1022);
        expectOk(ipv6(2048 + 10, "3c", full + fullAndLast + UDP));
        expectMalformed(Packets.bytes(ipv6(2056 + 10, "3c", full + full + last + UDP)));
    }

    @Test
    void knowsFragmentsOfIpv4() {
        byte[] packet = Packets.bytes(Packets.IPV4_UDP);
        Packets.decode(view, Packets.with(packet, 6, "2000")); // more fragments
        expectFragment(0, 1);
        assertThat(view.isLaterFragment()).isFalse();
        assertThat(view.hasMoreFragments()).isTrue();
        assertThat(view.isUdp()).isTrue();

        Packets.decode(view, Packets.with(packet, 6, "1fff")); // the last that there can be
        expectFragment(65_528, 1);
        expectNothingBehindIp();
        assertThat(view.hasMoreFragments()).isFalse();
        assertPacket(view).protocol(17).captured(31);
    }

    @Test
    void knowsFragmentsOfIpv6() {
        expectOk(ipv6(26, "00", "2c00" + "010400000000" + "1100" + "0001" + "89abcdef" + UDP));
        expectFragment(0, 0x89abcdefL);
        assertThat(view.isUdp()).isTrue();

        expectOk(ipv6(18, "2c", "3c00" + "05a8" + "89abcdef" + UDP)); // options would follow in the first one
        expectFragment(1448, 0x89abcdefL);
        expectNothingBehindIp();
        assertPacket(view).protocol(60).l4Offset(48);
    }

    @Test
    void takesAnAtomicFragmentForAWholePacket() {
        expectOk(ipv6(18, "2c", "1100" + "0000" + "0000abcd" + UDP));
        assertPacket(view).isWhole().isUdp().payloadLength(2);
    }

    @Test
    void doesNotLookIntoAFragmentWithinAFragment() {
        expectOk(ipv6(26, "2c", "2c00" + "0001" + "0000abcd" + "1100" + "0008" + "00000001" + UDP));
        expectFragment(0, 0xabcd);
        assertPacket(view).protocol(44).sourcePort(-1);
    }

    private void expectOk(String hex) {
        assertThat(Packets.decode(view, Packets.bytes(hex))).as(hex).isEqualTo(Decoding.OK);
    }

    private void expectMalformed(byte[] packet) {
        assertThat(Packets.decode(view, packet)).isEqualTo(Decoding.MALFORMED);
        assertThat(view.malformedLayer()).isEqualTo(Layer.IP);
    }

    private void expectFragment(int offset, long id) {
        assertThat(view.isFragment()).isTrue();
        assertThat(view.fragmentOffset()).isEqualTo(offset);
        assertThat(view.fragmentId()).isEqualTo(id);
    }

    private void expectNothingBehindIp() {
        assertThat(view.isLaterFragment()).isTrue();
        assertPacket(view)
                .isOfNoKnownProtocol()
                .sourcePort(-1)
                .destinationPort(-1)
                .payloadOffset(-1)
                .payloadLength(-1);
    }

    private static String ipv6(int payloadLength, String nextHeader, String rest) {
        return "60000000" + String.format("%04x", payloadLength) + nextHeader + "40" + IPV6_ADDRESSES + rest;
    }
}

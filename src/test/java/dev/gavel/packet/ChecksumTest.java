package dev.gavel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private static final String SOURCE = "20010db8000000000000000000000001";
    private static final String NEXT_STOP = "20010db80000000000000000000000ff";
    private static final String LAST_STOP = "20010db80000000000000000000000ee";

    @Test
    void addsUpTheExampleOfRfc1071() {
        ByteBuf bytes = Packets.buffer("0001" + "f203" + "f4f5" + "f6f7"); // RFC 1071, 3: the sum is ddf2
        assertThat(Checksum.of(bytes, 0, 8)).isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void agreesWithTheSumWordByWordForEveryLengthAndAlignment() {
        long seed = Seeds.take();
        byte[] bytes = new byte[200];
        new Random(seed).nextBytes(bytes);
        Arrays.fill(bytes, 100, 160, (byte) 0xff); // carries
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        for (int from = 0; from < 9; from++) {
            for (int to = from; to <= bytes.length; to++) {
                int expected = RandomPackets.checksum(Arrays.copyOfRange(bytes, from, to));
                assertThat(Checksum.of(buffer, from, to - from))
                        .as("seed %d", seed)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void doesNotOverflowInTheLongestPackets() {
        byte[] bytes = new byte[200_001];
        Arrays.fill(bytes, (byte) 0xff);
        assertThat(Checksum.of(Unpooled.wrappedBuffer(bytes), 0, bytes.length))
                .isEqualTo(RandomPackets.checksum(bytes));
    }

    /** {@link RandomPackets} reckons its checksums by itself; pcap4j finds them right in {@link ForgedAnswerTest}. */
    @Test
    void findsEveryFlippedBitOfWholePackets() {
        long seed = Seeds.take();
        RandomPackets packets = new RandomPackets(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = packets.nextWhole();
            PacketView view = Packets.view(packet);
            String what =
                    "seed " + seed + ", packet " + i + ": " + HexFormat.of().formatHex(packet);
            assertThat(Checksum.isWrong(view)).as(what).isFalse();
            int at = view.l4Offset() + packets.random().nextInt(Math.max(1, packet.length - view.l4Offset()));
            if ((view.isTcp() || view.isUdp() || view.isIcmp()) && !isLengthOrChecksumOfUdp(view, at)) {
                packet[at] ^= (byte) (1 << packets.random().nextInt(8));
                if (Packets.decode(view, packet) == Decoding.OK) {
                    assertThat(Checksum.isWrong(view)).as(what).isTrue();
                }
            }
        }
    }

    /** These have meanings of their own: another payload, or no checksum at all. */
    private static boolean isLengthOrChecksumOfUdp(PacketView view, int at) {
        return view.isUdp() && at >= view.l4Offset() + 4 && at < view.l4Offset() + 8;
    }

    @Test
    void knowsUdpWithoutChecksumInIpv4Only() {
        assertThat(Checksum.isWrong(Packets.view(Packets.IPV4_UDP))).isFalse();
        String ipv6 = "60000000" + "0008" + "11" + "40" + SOURCE + NEXT_STOP + "0035" + "d431" + "0008" + "0000";
        assertThat(Checksum.isWrong(Packets.view(ipv6))).isTrue(); // RFC 8200, 8.1
    }

    @Test
    void doesNotJudgeWhatItCannot() {
        byte[] wrong = Packets.bytes(Packets.IPV4_TCP);
        PacketView view = new PacketView();
        assertThat(Checksum.isWrong(Packets.view(wrong))).isTrue();

        view.decode(Unpooled.wrappedBuffer(wrong), 0, 49, 52); // the last byte was not captured
        assertThat(Checksum.isWrong(view)).isFalse();

        assertThat(Checksum.isWrong(Packets.view(Packets.with(wrong, 6, "2000"))))
                .isFalse(); // a first fragment
        assertThat(Checksum.isWrong(Packets.view(Packets.with(wrong, 6, "0001"))))
                .isFalse(); // a later one
        assertThat(Checksum.isWrong(Packets.view(Packets.IPV6_SCTP))).isFalse(); // CRC32c
    }

    @Test
    void takesTheLastStopOfSourceRoutes() {
        expectFinalDestination(SOURCE, LAST_STOP, "2b", "1102" + "0001" + "00000000" + LAST_STOP); // RFC 2460
        expectFinalDestination(SOURCE, LAST_STOP, "2b", "1104" + "0001" + "00000000" + NEXT_STOP + LAST_STOP);
        expectFinalDestination(SOURCE, LAST_STOP, "2b", "1102" + "0201" + "00000000" + LAST_STOP); // RFC 6275
        expectFinalDestination(
                SOURCE, LAST_STOP, "2b", "1104" + "0401" + "01000000" + LAST_STOP + NEXT_STOP); // RFC 8754
        expectFinalDestination(SOURCE, NEXT_STOP, "2b", "1102" + "0000" + "00000000" + LAST_STOP); // none left
    }

    @Test
    void takesTheHomeAddressOfMobileNodes() {
        String options = "1102" + "01020000" + "c910" + LAST_STOP; // PadN, home address (RFC 6275, 6.3)
        expectFinalDestination(LAST_STOP, NEXT_STOP, "3c", options);
    }

    @Test
    void doesNotJudgeUnknownKindsOfSourceRoutes() {
        String udp = "0035" + "d431" + "0008" + "1234";
        String packet = "60000000" + "0020" + "2b" + "40" + SOURCE + NEXT_STOP // 32 bytes, routing header
                + "1102" + "0301" + "00000000" + LAST_STOP + udp; // RPL (RFC 6554): compressed
        assertThat(Checksum.isWrong(Packets.view(packet))).isFalse();
    }

    @Test
    void takesTheLastStopOfIpv4SourceRoutes() {
        expectFinalDestinationIpv4("c6336403", "01" + "830704" + "c6336403"); // no-op, loose, the pointer at its entry
        expectFinalDestinationIpv4("c6336404", "01" + "890b04" + "c6336403" + "c6336404"); // strict, two entries
        expectFinalDestinationIpv4("c6336402", "01" + "830708" + "c6336403"); // all done
        expectFinalDestinationIpv4("c6336402", "00" + "830704" + "c6336403"); // behind the end of the list
        expectFinalDestinationIpv4("c6336402", "94040000" + "01ff0000"); // an option beyond the header
    }

    private static void expectFinalDestination(String source, String destination, String type, String extension) {
        String udp = "0035" + "d431" + "0008";
        int checksum = RandomPackets.checksum(Packets.bytes(source + destination + "0011" + "0008" + udp));
        int length = extension.length() / 2 + 8;
        String packet = "60000000" + hex(length) + type + "40" + SOURCE + NEXT_STOP + extension + udp;
        assertThat(Checksum.isWrong(Packets.view(packet + hex(checksum)))).isFalse();
        assertThat(Checksum.isWrong(Packets.view(packet + hex(checksum ^ 1)))).isTrue();
    }

    private static void expectFinalDestinationIpv4(String destination, String options) {
        String udp = "0035" + "d431" + "0008";
        int checksum = RandomPackets.checksum(Packets.bytes("c0000201" + destination + "0011" + "0008" + udp));
        int words = 5 + options.length() / 8;
        String packet = "4" + Integer.toHexString(words) + "00" + hex(words * 4 + 8) + "0001" + "0000" + "40" + "11"
                + "0000" + "c0000201" + "c6336402" + options + udp;
        assertThat(Checksum.isWrong(Packets.view(packet + hex(checksum)))).isFalse();
        assertThat(Checksum.isWrong(Packets.view(packet + hex(checksum ^ 1)))).isTrue();
    }

    private static String hex(int number) {
        return HexFormat.of().toHexDigits((short) number);
    }
}

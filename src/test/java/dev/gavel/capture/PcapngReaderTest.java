package dev.gavel.capture;

import static dev.gavel.capture.Captures.IPV4;
import static dev.gavel.capture.Captures.hex;
import static dev.gavel.capture.Captures.le;
import static dev.gavel.capture.Captures.next;
import static dev.gavel.capture.Captures.rest;
import static dev.gavel.capture.Captures.source;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PcapngReaderTest {
    /** Section header, little-endian, version 1.0, unknown length, no options. */
    private static final String SECTION = block("0a0d0d0a", "4d3c2b1a" + "0100" + "0000" + "ffffffffffffffff");
    /** Interface: raw IP, no snap length, microseconds. */
    private static final String RAW = block("01000000", "6500" + "0000" + "00000000");

    private static final long STAMP = 0x0000_0001_0000_0002L;

    @Test
    void readsEnhancedPackets() {
        CaptureSource source = source(hex(SECTION, RAW, enhanced(0, IPV4), enhanced(0, IPV4 + "aa")));
        assertThat(rest(source)).containsExactly(STAMP * 1000 + " " + IPV4, STAMP * 1000 + " " + IPV4);
        assertThat(source.frame().capturedLength()).isEqualTo(21);
        assertThat(source.resolution()).isEqualTo(Resolution.MICROSECONDS);
        assertThat(source.linkType()).isEqualTo(101);
        assertThat(source.isTruncated()).isFalse();
    }

    @Test
    void readsBigEndianSections() {
        String section = "0a0d0d0a" + "0000001c" + "1a2b3c4d" + "0001" + "0000" + "ffffffffffffffff" + "0000001c";
        String raw = "00000001" + "0000001c" + "0065" + "0000" + "00000000" // raw IP, no snap length
                + "0009" + "0001" + "09000000" // if_tsresol: nanoseconds
                + "0000001c";
        String packet = "00000006" + "00000034" + "00000000" + "00000001" + "00000002" // interface, time: high, low
                + "00000014" + "00000020" + IPV4 + "00000034"; // captured, original
        CaptureSource source = source(hex(section, raw, packet));
        assertThat(rest(source)).containsExactly(STAMP + " " + IPV4);
        assertThat(source.frame().originalLength()).isEqualTo(32);
        assertThat(source.resolution()).isEqualTo(Resolution.NANOSECONDS);
    }

    @Test
    void readsSimplePacketsWithTheTimeOfTheOneBefore() {
        String simple = block("03000000", le(20) + IPV4);
        assertThat(rest(source(hex(SECTION, RAW, simple, enhanced(0, IPV4), simple))))
                .containsExactly("0 " + IPV4, STAMP * 1000 + " " + IPV4, STAMP * 1000 + " " + IPV4);
    }

    @Test
    void cutsSimplePacketsAtTheSnapLength() {
        String snapped = block("01000000", "6500" + "0000" + le(6));
        String simple = block("03000000", le(20) + IPV4.substring(0, 12) + "0000"); // 6 bytes and padding
        CaptureSource source = source(hex(SECTION, snapped, simple));
        assertThat(rest(source)).containsExactly("0 " + IPV4.substring(0, 12));
        assertThat(source.frame().originalLength()).isEqualTo(20);
    }

    @Test
    void readsObsoletePackets() {
        String packet = block("02000000", "0000" + "0700" + le(1) + le(2) + le(20) + le(20) + IPV4); // 7 drops
        assertThat(rest(source(hex(SECTION, RAW, packet)))).containsExactly(STAMP * 1000 + " " + IPV4);
    }

    @Test
    void passesOverBlocksItHasNoUseFor() {
        String unknown = block("ad0b0000", "00".repeat(70_000));
        String empty = "05000000" + le(12) + le(12);
        assertThat(rest(source(hex(SECTION, unknown, RAW, empty, enhanced(0, IPV4), unknown))))
                .hasSize(1);
    }

    @Test
    void startsInterfacesAnewInEachSection() {
        String bigSection = "0a0d0d0a" + "00000020" + "1a2b3c4d" + "0001" + "0002" + "ffffffffffffffff"
                + "00000000" // end of options
                + "00000020";
        String bigEthernet = "00000001" + "00000014" + "0001" + "0000" + "00000000" + "00000014";
        String arp = "ffffffffffff" + "020000000001" + "0806" + "0000";
        String bigPacket = "00000006" + "00000030" + "00000000" + "00000000" + "00000005" + "00000010" + "00000010"
                + arp + "00000030";
        CaptureSource source =
                source(hex(SECTION, RAW, enhanced(0, IPV4), bigSection, bigEthernet, bigPacket, SECTION, RAW));
        assertThat(rest(source)).containsExactly(STAMP * 1000 + " " + IPV4, "5000 " + arp);
        CaptureSource undescribed = source(hex(SECTION, RAW, SECTION, enhanced(0, IPV4)));
        assertThatThrownBy(() -> rest(undescribed))
                .isInstanceOf(CaptureException.class)
                .hasMessage("test.pcap: offset 76: packet of interface 0 (expected: one of the 0 described before)");
    }

    @Test
    void namesInterfacesByTheSameIndexInEverySection() {
        String comment = "0100" + "0300" + "61626300"; // opt_comment "abc"
        String name = "0200" + "0400" + "65746830"; // if_name "eth0"
        String eth0 = block("01000000", "6500" + "0000" + "00000000" + comment + name + "00000000");
        String wlan = block("01000000", "6500" + "0000" + "00000000" + "0200" + "0500" + "776c616e30000000");
        CaptureSource source = source(
                hex(SECTION, RAW, eth0, enhanced(0, IPV4), enhanced(1, IPV4), SECTION, wlan, eth0, enhanced(1, IPV4)));
        assertThat(source.devices().name(next(source).inDevice())).isNull();
        int device = next(source).inDevice();
        assertThat(source.devices().name(device)).isEqualTo("eth0");
        assertThat(next(source).inDevice()).isEqualTo(device);
        assertThat(source.devices().name(99)).isNull();
    }

    @Test
    void shiftsTimesByTheInterfacesOffset() {
        String shifted = block("01000000", "6500" + "0000" + "00000000" + "0e00" + "0800" + le(-2) + le(-1)); // -2 s
        assertThat(rest(source(hex(SECTION, shifted, enhanced(0, IPV4)))))
                .containsExactly((STAMP * 1000 - 2_000_000_000) + " " + IPV4);
    }

    @Test
    void deliversWhatIsWholeOfEveryTruncation() {
        String[] blocks = {SECTION, RAW, enhanced(0, IPV4), SECTION, block("05000000", le(7)), RAW, enhanced(0, IPV4)};
        byte[] file = hex(blocks);
        TreeMap<Integer, Integer> packetsByLength = new TreeMap<>();
        int end = 0;
        int packets = 0;
        for (String block : blocks) {
            end += block.length() / 2;
            packets += block.startsWith("06") ? 1 : 0;
            packetsByLength.put(end, packets);
        }
        for (int length = packetsByLength.firstKey(); length <= file.length; length++) {
            CaptureSource source = source(Arrays.copyOf(file, length));
            assertThat(rest(source))
                    .as("%d bytes", length)
                    .hasSize(packetsByLength.floorEntry(length).getValue());
            assertThat(source.isTruncated()).as("%d bytes", length).isEqualTo(!packetsByLength.containsKey(length));
        }
        for (int length = 4; length < packetsByLength.firstKey(); length++) {
            byte[] part = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> source(part))
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining("ends in its header");
        }
    }

    @Test
    void refusesBlocksOfImpossibleLength() {
        for (int length : new int[] {0, 4, 8, 11, 13, -4, Integer.MIN_VALUE}) {
            refuses("05000000" + le(length) + le(length), "block of " + Integer.toUnsignedString(length) + " bytes");
        }
        refuses("06000000" + le(28) + "00".repeat(16) + le(28), "block of 28 bytes (expected: 32 to ");
        refuses("06000000" + le(0x0fff_fff0), "block of 268435440 bytes (expected: 32 to 393216");
        refuses("05000000" + le(16) + le(0) + le(12), "block of 16 bytes that ends as one of 12");
        refuses("0a0d0d0a" + le(24) + "4d3c2b1a" + "01000000", "block of 24 bytes (expected: 28 to ");
    }

    @Test
    void refusesPacketsThatContradictTheirBlock() {
        refuses(block("06000000", le(0) + le(0) + le(0) + le(24) + le(24) + IPV4), "packet of 24 of 24 bytes");
        refuses(block("06000000", le(0) + le(0) + le(0) + le(-1) + le(24) + IPV4), "packet of 4294967295 of 24 bytes");
        refuses(block("06000000", le(0) + le(0) + le(0) + le(20) + le(-1) + IPV4), "packet of 20 of 4294967295 bytes");
        refuses(enhanced(1, IPV4), "packet of interface 1");
        refuses(enhanced(-1, IPV4), "packet of interface 4294967295");
        refuses(block("06000000", le(0) + le(-1) + le(-1) + le(20) + le(20) + IPV4), "time stamp 18446744073709551615");
        String frame = "00".repeat(CaptureInput.MAX_FRAME + 4);
        refuses(enhanced(0, frame), "packet of 262148 of 262148 bytes (expected: at most 262144)");
    }

    @Test
    void refusesInterfacesThatContradictThemselves() {
        refuses(block("01000000", "6500" + "0000" + le(0) + "0200" + "0500" + "65746830"), "option 2 of 5 bytes");
        refuses(block("01000000", "6500" + "0000" + le(0) + "0900" + "0100" + "14000000"), "if_tsresol 0x14");
        refuses(block("01000000", "6500" + "0000" + le(0) + "0900" + "0100" + "c0000000"), "if_tsresol 0xc0");
    }

    @Test
    void refusesUnknownOrderOfBytesAndVersion() {
        refuses(block("0a0d0d0a", "4d3c2b1b" + "0100" + "0000" + "ffffffffffffffff"), "byte-order magic");
        refuses(block("0a0d0d0a", "4d3c2b1a" + "0200" + "0000" + "ffffffffffffffff"), "pcapng version 2");
    }

    @Test
    void refusesInterfacesWithoutEnd() {
        CaptureSource source = source(hex(SECTION, RAW.repeat(65_537)));
        assertThatThrownBy(() -> rest(source))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("more than 65536 interfaces");
    }

    @Test
    void refusesNamesWithoutEnd() {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 65_537; i++) {
            String ascii = HexFormat.of().formatHex("%08d".formatted(i).getBytes(US_ASCII));
            file.append(i % 40_000 == 0 ? SECTION : "");
            file.append(block("01000000", "6500" + "0000" + "00000000" + "0200" + "0800" + ascii));
        }
        CaptureSource source = source(hex(file.toString()));
        assertThatThrownBy(() -> rest(source))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("more than 65536 names of interfaces");
    }

    /** Whether {@code block} behind a good packet is refused with its own offset. */
    private static void refuses(String block, String message) {
        CaptureSource source = source(hex(SECTION, RAW, enhanced(0, IPV4), block));
        next(source);
        assertThatThrownBy(() -> rest(source))
                .isInstanceOf(CaptureException.class)
                .hasMessageStartingWith("test.pcap: offset 100: ")
                .hasMessageContaining(message);
    }

    private static String enhanced(int interfaceId, String frame) {
        int length = frame.length() / 2;
        return block(
                "06000000",
                le(interfaceId) + le((int) (STAMP >> 32)) + le((int) STAMP) + le(length) + le(length) + frame);
    }

    /** A little-endian block, its body padded to four bytes. */
    private static String block(String type, String body) {
        String padded = body + "00".repeat(-(body.length() / 2) & 3);
        String length = le(12 + padded.length() / 2);
        return type + length + padded + length;
    }
}

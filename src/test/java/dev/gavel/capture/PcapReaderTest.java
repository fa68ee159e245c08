package dev.gavel.capture;

import static dev.gavel.capture.Captures.IPV4;
import static dev.gavel.capture.Captures.PCAP;
import static dev.gavel.capture.Captures.hex;
import static dev.gavel.capture.Captures.le;
import static dev.gavel.capture.Captures.record;
import static dev.gavel.capture.Captures.rest;
import static dev.gavel.capture.Captures.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PcapReaderTest {
    private static final String RAW = le(101);

    @Test
    void readsMicrosecondsInBothOrdersOfBytes() {
        CaptureSource little = source(hex(PCAP, RAW, record(IPV4)));
        assertThat(rest(little)).containsExactly("2000003000 " + IPV4);
        assertThat(little.resolution()).isEqualTo(Resolution.MICROSECONDS);
        assertThat(little.isTruncated()).isFalse();
        CaptureSource big = source(hex(
                "a1b2c3d4" + "0002" + "0004" + "00000000" + "00000000" + "0000ffff" + "00000065", // link type: raw IP
                "00000002" + "00000003" + "00000014" + "00000014" + IPV4)); // s, µs, captured, original
        assertThat(rest(big)).containsExactly("2000003000 " + IPV4);
        assertThat(big.linkType()).isEqualTo(101);
    }

    @Test
    void readsNanosecondsInBothOrdersOfBytes() {
        CaptureSource little = source(hex("4d3cb2a1", PCAP.substring(8), RAW, record(IPV4)));
        assertThat(rest(little)).containsExactly("2000000003 " + IPV4);
        assertThat(little.resolution()).isEqualTo(Resolution.NANOSECONDS);
        CaptureSource big = source(hex(
                "a1b23c4d" + "0002" + "0004" + "00000000" + "00000000" + "0000ffff" + "00000065",
                "ffffffff" + "3b9ac9ff" + "00000014" + "00000014" + IPV4)); // seconds are unsigned; 999,999,999 ns
        assertThat(rest(big)).containsExactly("4294967295999999999 " + IPV4);
        assertThat(big.frame().nanos()).isEqualTo(999_999_999);
        assertThat(big.frame().resolution()).isEqualTo(Resolution.NANOSECONDS);
    }

    @Test
    void carriesFractionsOfMoreThanASecond() {
        String late = le(2) + le(1_000_001) + le(20) + le(20) + IPV4;
        assertThat(rest(source(hex(PCAP, RAW, late)))).containsExactly("3000001000 " + IPV4);
    }

    @Test
    void ignoresTheFrameCheckSequenceLengthAboveTheLinkType() {
        assertThat(source(hex(PCAP, "65000024")).linkType()).isEqualTo(101);
    }

    @Test
    void deliversWhatIsWholeOfEveryTruncation() {
        byte[] file = hex(PCAP, RAW, record(IPV4), record(IPV4), record(IPV4));
        int header = 24;
        int record = 16 + 20;
        for (int length = header; length <= file.length; length++) {
            CaptureSource source = source(Arrays.copyOf(file, length));
            assertThat(rest(source)).as("%d bytes", length).hasSize((length - header) / record);
            assertThat(source.isTruncated()).as("%d bytes", length).isEqualTo((length - header) % record != 0);
        }
    }

    @Test
    void refusesFileThatEndsInItsHeader() {
        byte[] header = hex(PCAP, RAW);
        for (int length = 0; length < header.length; length++) {
            byte[] part = Arrays.copyOf(header, length);
            assertThatThrownBy(() -> source(part))
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining(length < 4 ? "too short" : "ends in its header");
        }
    }

    @Test
    void refusesOtherFilesAndVersions() {
        assertThatThrownBy(() -> source(hex("1f8b0800", IPV4)))
                .isInstanceOf(CaptureException.class)
                .hasMessage("test.pcap: offset 0: begins with 1f8b0800, so it is neither pcap nor pcapng");
        assertThatThrownBy(() -> source(hex("d4c3b2a10300", PCAP.substring(12), RAW)))
                .isInstanceOf(CaptureException.class)
                .hasMessage("test.pcap: offset 4: pcap version 3 (expected: 2)");
    }

    @Test
    void refusesLyingLengthsWithTheirOffset() {
        for (int captured : new int[] {CaptureInput.MAX_FRAME + 1, Integer.MAX_VALUE, -1}) {
            CaptureSource source = source(hex(PCAP, RAW, record(IPV4), le(0), le(0), le(captured), le(20), IPV4));
            Captures.next(source);
            assertThatThrownBy(() -> rest(source))
                    .isInstanceOf(CaptureException.class)
                    .hasMessage("test.pcap: offset 60: packet of " + Integer.toUnsignedString(captured)
                            + " of 20 bytes (expected: at most 262144)");
            assertThat(rest(source)).as("ended").isEmpty();
        }
        CaptureSource endless = source(hex(PCAP, RAW, le(0), le(0), le(20), le(-1), IPV4));
        assertThatThrownBy(() -> rest(endless))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("packet of 20 of 4294967295 bytes");
    }

    @Test
    void readsTheLargestFrame() {
        String rest = "00".repeat(CaptureInput.MAX_FRAME - 20);
        CaptureSource source = source(hex(PCAP, RAW, record("4500ffff" + IPV4.substring(8) + rest), record(IPV4)));
        assertThat(rest(source)).hasSize(2);
    }
}

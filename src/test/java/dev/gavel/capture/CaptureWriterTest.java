package dev.gavel.capture;

import static dev.gavel.capture.Captures.IPV4;
import static dev.gavel.capture.Captures.PCAP;
import static dev.gavel.capture.Captures.hex;
import static dev.gavel.capture.Captures.le;
import static dev.gavel.capture.Captures.next;
import static dev.gavel.capture.Captures.record;
import static dev.gavel.capture.Captures.rest;
import static dev.gavel.capture.Captures.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class CaptureWriterTest {
    private static final String ETHERNET = "ffffffffffff" + "0200000000fe" + "0800";
    private static final String CUT = le(5) + le(999_999) + le(20) + le(1500) + "450005dc" + IPV4.substring(8);

    private static final String SECTION =
            "0a0d0d0a" + le(28) + "4d3c2b1a" + "0100" + "0000" + "ffffffffffffffff" + le(28);
    private static final String RAW = "01000000" + le(20) + "6500" + "0000" + le(0) + le(20);
    private static final String ETHERNET_INTERFACE = "01000000" + le(20) + "0100" + "0000" + le(0) + le(20);
    private static final String RAW_NANOSECONDS =
            "01000000" + le(32) + "6500" + "0000" + le(0) + "0900" + "0100" + "09000000" + le(0) + le(32);

    @Test
    void writesTheVeryFileThatItRead() throws IOException {
        for (int linkType : new int[] {101, 276}) {
            byte[] file = hex(PCAP, le(linkType), record("0800" + "00".repeat(18) + IPV4), CUT, record(""));
            assertThat(written(file, number -> true)).isEqualTo(file);
        }
        byte[] nanoseconds = hex("4d3cb2a1", PCAP.substring(8), le(101), record(IPV4), CUT);
        assertThat(written(nanoseconds, number -> true)).isEqualTo(nanoseconds);
    }

    @Test
    void keepsPaddingAndWhatIsNotIp() throws IOException {
        byte[] file = hex(PCAP, le(1), record(ETHERNET + IPV4 + "00".repeat(26)), record("ffff"));
        assertThat(written(file, number -> true)).isEqualTo(file);
    }

    @Test
    void writesOnlyFramesItIsTold() throws IOException {
        byte[] file = hex(PCAP, le(101), record(IPV4), CUT, record(IPV4));
        assertThat(written(file, number -> number == 2)).isEqualTo(hex(PCAP, le(101), CUT));
        assertThat(written(file, number -> false)).isEqualTo(hex(PCAP, le(101)));
    }

    @Test
    void writesPcapngAsPcap() throws IOException {
        byte[] written = written(hex(SECTION, RAW, packet(0, 5_000_003), packet(0, 6_000_000)), number -> true);
        assertThat(written)
                .isEqualTo(hex(
                        PCAP, le(101), le(5) + le(3) + le(20) + le(20) + IPV4, le(6) + le(0) + le(20) + le(20) + IPV4));
    }

    @Test
    void writesNanosecondsIfAnInterfaceHasThem() throws IOException {
        byte[] written =
                written(hex(SECTION, RAW, RAW_NANOSECONDS, packet(0, 5_000_003), packet(1, 7)), number -> true);
        CaptureSource again = source(written);
        assertThat(again.resolution()).isEqualTo(Resolution.NANOSECONDS);
        assertThat(rest(again)).containsExactly("5000003000 " + IPV4, "7 " + IPV4);
    }

    @Test
    void refusesSeveralLinkTypes() {
        byte[] file = hex(SECTION, RAW, ETHERNET_INTERFACE, packet(0, 1), packet(1, 2));
        assertThatThrownBy(() -> written(file, number -> true))
                .isInstanceOf(CaptureException.class)
                .hasMessage("cannot write packet 2: it has link type 1, but the pcap file written "
                        + "holds only link type 101");
    }

    @Test
    void refusesTimesThatPcapCannotHold() {
        byte[] late = hex(SECTION, RAW, packet(0, 4_294_967_296L * 1_000_000));
        assertThatThrownBy(() -> written(late, number -> true))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("second 4294967296 since 1970");
        byte[] finer = hex(SECTION, RAW, packet(0, 1), RAW_NANOSECONDS, packet(1, 1));
        assertThatThrownBy(() -> written(finer, number -> true))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("packet 2: it has nanoseconds");
    }

    private static String packet(int interfaceId, long stamp) {
        return "06000000" + le(52) + le(interfaceId) + le((int) (stamp >> 32)) + le((int) stamp) + le(20) + le(20)
                + IPV4 + le(52);
    }

    /** What a writer makes of those packets of {@code file} whose numbers {@code kept} accepts. */
    private static byte[] written(byte[] file, IntPredicate kept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CaptureSource source = source(file);
        int packets = rest(source(file)).size();
        try (CaptureWriter writer = new CaptureWriter(out, source)) {
            for (int number = 1; number <= packets; number++) {
                next(source);
                if (kept.test(number)) {
                    writer.writeFrame();
                }
            }
        }
        return out.toByteArray();
    }
}

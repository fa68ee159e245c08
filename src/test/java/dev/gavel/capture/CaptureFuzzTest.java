package dev.gavel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gavel.queue.QueuedPacket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

class CaptureFuzzTest {
    private static final int SMALLEST_RECORD = 16; // of pcap; a simple packet of pcapng takes as much

    @FuzzTest(maxDuration = "60s")
    void readsAnythingOrSaysWhyNot(byte[] file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CaptureSource source =
                        CaptureSource.read(new ByteArrayInputStream(file), "fuzz.pcap", CaptureContext.NONE);
                CaptureWriter writer = new CaptureWriter(out, source)) {
            readAll(source, writer, file.length);
        } catch (CaptureException e) {
            assertThat(e).hasMessageMatching("(?s)fuzz.pcap: offset \\d+: .+|cannot write packet \\d+: .+");
        }
    }

    private static void readAll(CaptureSource source, CaptureWriter writer, int fileLength) throws IOException {
        QueuedPacket slot = Captures.slot(1500);
        QueuedPacket[] slots = {slot};
        long bytes = 0;
        while (source.receive(slots, 1) == 1) {
            CapturedFrame frame = source.frame();
            bytes += SMALLEST_RECORD + frame.capturedLength();
            assertThat(bytes).isLessThanOrEqualTo(fileLength);
            assertThat(slot.capturedLength()).isBetween(0, Math.min(1500, frame.capturedLength()));
            assertThat(slot.originalLength()).isBetween(0, Math.max(frame.originalLength(), frame.capturedLength()));
            assertThat(slot.packetId()).isEqualTo((int) frame.number());
            assertThat(frame.nanos()).isBetween(0, 999_999_999);
            assertThat(slot.vlan()).isBetween(-1L, 4095L);
            assertThat(slot.sourceMac()).isBetween(-1L, (1L << 48) - 1);
            writer.writeFrame();
        }
    }
}

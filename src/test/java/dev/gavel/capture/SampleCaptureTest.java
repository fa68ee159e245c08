package dev.gavel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.queue.QueuedPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleCaptureTest {
    @Test
    void isTheCommittedFile() throws IOException {
        assertThat(Files.readAllBytes(SampleCapture.FILE))
                .as("%s; SampleCapture.main writes it anew", SampleCapture.FILE)
                .isEqualTo(SampleCapture.bytes())
                .hasSizeLessThan(20_000);
    }

    @Test
    void holdsWhatTheSamplePolicyIsTriedOn() {
        CaptureSource source = Captures.source(SampleCapture.bytes());
        List<Long> notIp = new ArrayList<>();
        List<Integer> forbidden = new ArrayList<>();
        List<Integer> unionSelect = new ArrayList<>();
        List<Integer> lying = new ArrayList<>();
        QueuedPacket slot = Captures.slot(1500);
        while (source.receive(new QueuedPacket[] {slot}, 1) == 1) {
            String text = slot.buffer().toString(slot.offset(), slot.capturedLength(), StandardCharsets.ISO_8859_1);
            if (!source.frame().isIp()) {
                notIp.add(source.frame().number());
            } else if (text.charAt(0) == 0x45 && slot.buffer().getShort(slot.offset() + 2) != slot.originalLength()) {
                lying.add(slot.packetId());
            }
            if (text.contains("t.test.com")) {
                forbidden.add(slot.packetId());
            }
            if (text.contains("union select")) {
                unionSelect.add(slot.packetId());
            }
        }
        assertThat(source.frame().number()).isEqualTo(26);
        assertThat(source.isTruncated()).isFalse();
        assertThat(notIp).containsExactly(1L);
        assertThat(forbidden).containsExactly(17, 18, 19);
        assertThat(unionSelect).containsExactly(23);
        assertThat(lying).containsExactly(26);
    }
}

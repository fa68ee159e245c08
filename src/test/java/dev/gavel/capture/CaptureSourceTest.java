package dev.gavel.capture;

import static dev.gavel.capture.Captures.IPV4;
import static dev.gavel.capture.Captures.PCAP;
import static dev.gavel.capture.Captures.bytes;
import static dev.gavel.capture.Captures.hex;
import static dev.gavel.capture.Captures.isAtEnd;
import static dev.gavel.capture.Captures.le;
import static dev.gavel.capture.Captures.next;
import static dev.gavel.capture.Captures.pcap;
import static dev.gavel.capture.Captures.record;
import static dev.gavel.capture.Captures.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureSourceTest {
    private static final byte[] THREE = hex(PCAP, le(101), record(IPV4), record(IPV4), record(IPV4));

    @Test
    void numbersPacketsFromOne() {
        CaptureSource source = source(THREE);
        for (int number = 1; number <= 3; number++) {
            assertThat(next(source).packetId()).isEqualTo(number);
            assertThat(source.frame().number()).isEqualTo(number);
        }
        assertThat(isAtEnd(source)).isTrue();
        assertThat(isAtEnd(source)).isTrue();
    }

    @Test
    void fillsOneSlotACallSoThatTheFrameIsItsOwn() {
        CaptureSource source = source(THREE);
        QueuedPacket[] slots = {Captures.slot(100), Captures.slot(100)};
        assertThat(source.receive(slots, 2)).isEqualTo(1);
        assertThat(slots[1].capturedLength()).isZero();
        assertThat(source.frame().number()).isEqualTo(1);
    }

    @Test
    void givesPacketsWhatTheContextSays() {
        QueuedPacket packet = next(source(THREE, new CaptureContext(7, Hook.FORWARD, 0x10, null)));
        assertThat(packet.queueNumber()).isEqualTo(7);
        assertThat(packet.hook()).isEqualTo(Hook.FORWARD);
        assertThat(packet.mark()).isEqualTo(0x10);
        QueuedPacket bare = next(source(THREE));
        assertThat(bare.queueNumber()).isEqualTo(CaptureContext.NO_QUEUE);
        assertThat(bare.hook()).isNull();
        assertThat(bare.mark()).isZero();
        assertThat(bare.inDevice()).isZero();
        assertThat(bare.uid()).isEqualTo(QueuedPacket.ABSENT);
    }

    @Test
    void refusesQueueNumbersBeyond16Bits() {
        assertThatThrownBy(() -> new CaptureContext(65_536, null, 0, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CaptureContext(-2, null, 0, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysTimeAndLengthsOfTheFrame() {
        String frame = "ffffffffffff" + "0200000000fe" + "0800" + "450005dc" + IPV4.substring(8);
        CaptureSource source =
                source(hex(PCAP, le(1), le(2), le(3), le(34), le(1514), frame)); // s, µs, captured, original
        QueuedPacket packet = next(source);
        assertThat(packet.receivedNs()).isEqualTo(2_000_003_000L);
        assertThat(packet.capturedLength()).isEqualTo(20);
        assertThat(packet.originalLength()).isEqualTo(1500);
        assertThat(source.frame().isIp()).isTrue();
        assertThat(source.frame().seconds()).isEqualTo(2);
        assertThat(source.frame().nanos()).isEqualTo(3_000);
        assertThat(source.frame().resolution().digits()).isEqualTo(6);
        assertThat(source.frame().capturedLength()).isEqualTo(34);
        assertThat(source.frame().originalLength()).isEqualTo(1514);
    }

    @Test
    void cutsPacketsAtTheSlot() {
        QueuedPacket slot = Captures.slot(8);
        source(THREE).receive(new QueuedPacket[] {slot}, 1);
        assertThat(bytes(slot)).isEqualTo(IPV4.substring(0, 16));
        assertThat(slot.originalLength()).isEqualTo(20);
        assertThat(slot.buffer().getLong(slot.offset() + 8))
                .as("behind the slot")
                .isZero();
    }

    @Test
    void takesCapturedAsOriginalLengthWhereTheFileClaimsLess() {
        CaptureSource source = source(hex(PCAP, le(101), le(2), le(3), le(20), le(4), IPV4));
        assertThat(next(source).originalLength()).isEqualTo(20);
    }

    @Test
    void endsWhenToldTo() {
        CaptureSource source = source(THREE);
        next(source);
        source.stopQueueing();
        assertThat(isAtEnd(source)).isTrue();
        assertThat(source.isTruncated()).isFalse();
    }

    @Test
    void endsWhenClosed() {
        CaptureSource source = source(THREE);
        source.close();
        source.close();
        assertThat(isAtEnd(source)).isTrue();
    }

    @Test
    void discardsVerdicts() {
        VerdictSink sink = source(THREE).verdicts();
        sink.add(1, Verdict.DROP);
        sink.add(2, Verdict.ACCEPT, 5);
        assertThat(sink.size()).isEqualTo(2);
        sink.flush();
        assertThat(sink.size()).isZero();
    }

    @Test
    void opensFilesAndNamesThemInItsMessages(@TempDir Path directory) throws IOException {
        Path good = Files.write(directory.resolve("good.pcap"), THREE);
        try (CaptureSource source = CaptureSource.open(good, CaptureContext.NONE)) {
            assertThat(Captures.rest(source)).hasSize(3);
        }
        Path bad = Files.write(directory.resolve("bad.pcap"), new byte[9]);
        assertThatThrownBy(() -> CaptureSource.open(bad, CaptureContext.NONE))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("bad.pcap: offset 0: begins with 00000000");
        assertThatThrownBy(() -> CaptureSource.open(directory.resolve("none.pcap"), CaptureContext.NONE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readsStreamsThatComeByteByByte() throws IOException {
        byte[] file = pcap(101, IPV4);
        InputStream slow = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at < file.length ? file[at++] & 0xff : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int next = read();
                if (next >= 0) {
                    into[offset] = (byte) next;
                }
                return next < 0 ? -1 : 1;
            }
        };
        assertThat(Captures.rest(CaptureSource.read(slow, "-", CaptureContext.NONE)))
                .containsExactly("2000003000 " + IPV4);
    }

    @Test
    void throwsWhatTheStreamThrowsOnce() throws IOException {
        InputStream broken = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == 30) {
                    throw new IOException("disk gone");
                }
                return THREE[at++] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }
        };
        CaptureSource source = CaptureSource.read(broken, "-", CaptureContext.NONE);
        assertThatThrownBy(() -> next(source))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("disk gone");
        assertThat(isAtEnd(source)).isTrue();
    }
}

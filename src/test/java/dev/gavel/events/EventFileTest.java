package dev.gavel.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is opened, and when again. */
class EventFileTest {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    @TempDir
    private Path folder;

    private long nowNs = Long.MAX_VALUE - MINUTE_NS / 2; // wraps in the midst of a test

    private EventFile file(Path path) {
        return new EventFile(path, () -> nowNs);
    }

    private static void write(EventFile file, String lines) {
        file.write(ByteBuffer.wrap(lines.getBytes(US_ASCII)));
    }

    @Test
    void writesToTheOldFileUntilTheNewOneCanBeOpened() throws Exception {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Path old = folder.resolve("old");
        try (EventFile file = file(logs.resolve("events.json"))) {
            file.open();
            Files.move(logs, old);
            file.reopen();
            write(file, "a\n");
            Files.createDirectory(logs);
            nowNs += MINUTE_NS - 1;
            write(file, "b\n");
            nowNs++;
            write(file, "c\n");
            write(file, "d\n");
            assertThat(old.resolve("events.json")).hasContent("a\nb\n");
            assertThat(logs.resolve("events.json")).hasContent("c\nd\n");
            assertThat(file.written.value()).isEqualTo(4);
            assertThat(file.lost.value()).isZero();
        }
    }

    @Test
    void losesAndCountsWhileNothingIsOpenAndTriesEachMinute() throws Exception {
        Path logs = folder.resolve("logs");
        try (EventFile file = file(logs.resolve("events.json"))) {
            write(file, "a\n");
            Files.createDirectory(logs);
            write(file, "b\nc\n");
            nowNs += MINUTE_NS;
            write(file, "d\n");
            assertThat(logs.resolve("events.json")).hasContent("d\n");
            assertThat(file.written.value()).isEqualTo(1);
            assertThat(file.lost.value()).isEqualTo(3);
        }
    }
}

package dev.gavel.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // to open it would wait for a reader
    void refusesAFifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> file(fifo).open())
                .isInstanceOf(IOException.class)
                .hasMessage(fifo + ": neither a regular file nor a character device");
    }

    @Test
    void takesAPipeWithoutAName() throws Exception { // as /dev/stdout is where another program reads it
        Set<Path> before = pipes();
        Pipe pipe = Pipe.open();
        Set<Path> made = pipes();
        made.removeAll(before);
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink();
                EventFile file = file(made.iterator().next())) {
            assertThat(sink.isOpen()).isTrue();
            file.open();
            write(file, "a\n");
            ByteBuffer read = ByteBuffer.allocate(10);
            assertThat(source.read(read)).isEqualTo(2);
            assertThat(file.written.value()).isEqualTo(1);
        }
    }

    private static Set<Path> pipes() throws IOException {
        Set<Path> pipes = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : open) {
                if (Files.isSymbolicLink(each)
                        && Files.readSymbolicLink(each).toString().startsWith("pipe:")) {
                    pipes.add(each);
                }
            }
        }
        return pipes;
    }
}

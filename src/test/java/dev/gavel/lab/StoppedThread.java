package dev.gavel.lab;

import static dev.gavel.lab.Libc.LIBC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/** One thread of a process, stopped from outside until this is closed, by the thread that has stopped it; ptrace(2). */
final class StoppedThread implements AutoCloseable {
    private static final int SEIZE = 0x4206;
    private static final int INTERRUPT = 0x4207;
    private static final int DETACH = 17;

    private final String name;
    private final int id;

    /** Stops the thread {@code name} of process {@code pid}. */
    StoppedThread(long pid, String name) {
        this.name = name;
        Path thread = find(Path.of("/proc/" + pid + "/task"), name);
        id = Integer.parseInt(thread.getFileName().toString());
        trace(SEIZE);
        trace(INTERRUPT);
        Await.until(() -> assertThat(Files.readAllLines(thread.resolve("status")))
                .anyMatch(line -> line.matches("State:\\s+t .*")));
    }

    String name() {
        return name;
    }

    private static Path find(Path threads, String name) {
        try (Stream<Path> all = Files.list(threads)) {
            return all.filter(thread -> name.equals(nameOf(thread)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no thread " + name + " in " + threads));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).trim();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private void trace(int request) {
        if (LIBC.ptrace(request, id, 0, 0) != 0) {
            int errno = LastError.getLastError(Runtime.getRuntime(LIBC));
            throw new AssertionError("ptrace request " + request + " of thread " + id + " failed, errno " + errno);
        }
    }

    @Override
    public void close() {
        trace(DETACH);
    }
}

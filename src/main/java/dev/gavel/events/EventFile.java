package dev.gavel.events;

import dev.gavel.counters.Counter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file, or standard output. What cannot be written is counted, and said once a minute at most; a file that could not
 * be opened is tried again as often. Belongs to the writer thread once that runs.
 */
final class EventFile implements AutoCloseable {
    /** As {@code events.file} names it, and the label of our metrics. */
    private static final String STANDARD_OUTPUT = "-";

    private static final System.Logger LOG = System.getLogger(EventFile.class.getName());
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);

    /** Lines that are in the file. */
    final Counter written = new Counter();
    /** Lines that could not be written. */
    final Counter lost = new Counter();

    private final Path path;
    private final boolean isStandardOutput;
    private @Nullable FileChannel channel;
    private boolean torn; // the last line in the file has no end
    private long complainedNs = System.nanoTime() - QUIET_NS;

    EventFile(Path path) {
        this.path = path;
        isStandardOutput = path.toString().equals(STANDARD_OUTPUT);
    }

    /** What metrics call it. */
    String sink() {
        return isStandardOutput ? "stdout" : "file";
    }

    /** Opens the file anew; where that fails what was open stays. */
    void open() throws IOException {
        FileChannel next;
        try {
            next = isStandardOutput ? new FileOutputStream(FileDescriptor.out).getChannel() : openFile();
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": no such directory", e);
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": permission denied", e);
        }
        close();
        channel = next;
        torn = false;
    }

    private FileChannel openFile() throws IOException {
        try {
            Path made = Files.createFile(path, PosixFilePermissions.asFileAttribute(MODE));
            // Once more, where the umask has taken the group's right.
            return FileChannel.open(Files.setPosixFilePermissions(made, MODE), StandardOpenOption.APPEND);
        } catch (FileAlreadyExistsException e) {
            return FileChannel.open(path, StandardOpenOption.APPEND);
        }
    }

    /** As {@link #open}; a failure is said. */
    void reopen() {
        try {
            open();
        } catch (IOException e) {
            complain(e);
        }
    }

    /** Writes whole lines, or counts them as lost. */
    void write(ByteBuffer lines) {
        if (!lines.hasRemaining()) {
            return;
        }
        try {
            FileChannel out = channel == null ? openAgain() : channel;
            if (torn) {
                int unused = out.write(ByteBuffer.wrap(new byte[] {'\n'}));
                torn = false;
            }
            while (lines.hasRemaining()) {
                int unused = out.write(lines);
            }
        } catch (IOException e) {
            complain(e);
        }
        int end = lines.position();
        torn |= end > 0 && lines.get(end - 1) != '\n';
        written.add(count(lines, 0, end));
        lost.add(count(lines, end, lines.limit()));
    }

    private FileChannel openAgain() throws IOException {
        if (System.nanoTime() - complainedNs < QUIET_NS) {
            throw new IOException("not open");
        }
        open();
        if (channel == null) {
            throw new IllegalStateException("no channel (expected: one, behind open)");
        }
        return channel;
    }

    private static int count(ByteBuffer lines, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += lines.get(i) == '\n' ? 1 : 0;
        }
        return count;
    }

    /** Says why events are lost, if that was not said within the last minute. */
    private void complain(IOException e) {
        long now = System.nanoTime();
        if (now - complainedNs >= QUIET_NS) {
            complainedNs = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "events are lost: " + e.getMessage() + "; packets are judged all the same");
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null && !isStandardOutput) {
            channel.close();
        }
        channel = null;
    }
}

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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The file, or standard output. What cannot be written is counted, and said once a minute at most; a file that could
 * not be opened is tried again as often. Belongs to the writer thread once that runs.
 */
final class EventFile implements AutoCloseable {
    /** As {@code events.file} names it, and the label of our metrics. */
    private static final String STANDARD_OUTPUT = "-";

    private static final System.Logger LOG = System.getLogger(EventFile.class.getName());
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);
    private static final String LOST = "events are lost: ";

    /** Of {@code st_mode}, see inode(7). */
    private static final int TYPE_MASK = 0xf000;

    private static final int FIFO = 0x1000;
    private static final int CHARACTER_DEVICE = 0x2000;
    private static final int REGULAR = 0x8000;

    /** Lines that are in the file. */
    final Counter written = new Counter();
    /** Lines that could not be written. */
    final Counter lost = new Counter();

    private final Path path;
    private final boolean isStandardOutput;
    private @Nullable FileChannel channel;
    private final LongSupplier clock;
    private boolean torn; // the last line in the file has no end
    private boolean stale; // what is open was to be opened anew, which failed
    private long triedNs;
    private long complainedNs;

    /** A file that is not open yet; {@code clock} is as {@link System#nanoTime}. */
    EventFile(Path path, LongSupplier clock) {
        this.path = path;
        this.clock = clock;
        triedNs = clock.getAsLong() - QUIET_NS;
        complainedNs = triedNs;
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
        stale = false;
    }

    private FileChannel openFile() throws IOException {
        try {
            Path made = Files.createFile(path, PosixFilePermissions.asFileAttribute(MODE));
            // Once more, where the umask has taken the group's right.
            return FileChannel.open(Files.setPosixFilePermissions(made, MODE), StandardOpenOption.APPEND);
        } catch (FileAlreadyExistsException e) {
            refuseWhatBlocks();
            return FileChannel.open(path, StandardOpenOption.APPEND);
        }
    }

    /**
     * To open a FIFO would wait for its reader. A pipe without a name, as /dev/stdout may be, opens at once (fifo(7)).
     */
    private void refuseWhatBlocks() throws IOException {
        int type = (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
        if (type != REGULAR && type != CHARACTER_DEVICE && !(type == FIFO && isNameless())) {
            throw new IOException(path + ": neither a regular file nor a character device");
        }
    }

    private boolean isNameless() throws IOException {
        try {
            Path unused = path.toRealPath();
            return false;
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** As {@link #open}; a failure is said, and what was open is written to until another try succeeds. */
    void reopen() {
        triedNs = clock.getAsLong();
        try {
            open();
        } catch (IOException e) {
            stale = true;
            complain(channel == null ? LOST : "the event file is not opened anew, events go to the old one: ", e);
        }
    }

    /** Writes whole lines, or counts them as lost. */
    void write(ByteBuffer lines) {
        if (!lines.hasRemaining()) {
            return;
        }
        try {
            FileChannel out = current();
            if (out == null) {
                return;
            }
            if (torn) {
                int unused = out.write(ByteBuffer.wrap(new byte[] {'\n'}));
                torn = false;
            }
            while (lines.hasRemaining()) {
                int unused = out.write(lines);
            }
        } catch (IOException e) {
            complain(LOST, e);
        } finally {
            int end = lines.position();
            torn |= end > 0 && lines.get(end - 1) != '\n';
            written.add(count(lines, 0, end));
            lost.add(count(lines, end, lines.limit()));
        }
    }

    /** What to write to, null if nothing is open. Tries first, once a minute at most, to open what should be open. */
    private @Nullable FileChannel current() {
        if ((channel == null || stale) && clock.getAsLong() - triedNs >= QUIET_NS) {
            reopen();
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

    /** Says what is wrong, if nothing was said within the last minute. */
    private void complain(String what, IOException e) {
        long now = clock.getAsLong();
        if (now - complainedNs >= QUIET_NS) {
            complainedNs = now;
            LOG.log(System.Logger.Level.WARNING, what + e.getMessage() + "; packets are judged all the same");
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

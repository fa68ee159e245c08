package dev.gavel.capture;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes of a capture file in order, and how far they were read. */
final class CaptureInput implements Closeable {
    /** Largest frame that is read, as libpcap's MAXIMUM_SNAPLEN. */
    static final int MAX_FRAME = 256 * 1024;

    private final BufferedInputStream in;
    private final String name;
    private final byte[] skipped = new byte[4096];
    private long offset;
    private boolean truncated;

    CaptureInput(InputStream in, String name) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.name = name;
    }

    /** Bytes read so far. */
    long offset() {
        return offset;
    }

    /** Whether the file ended before all bytes of a {@link #read} or {@link #skip}. */
    boolean isTruncated() {
        return truncated;
    }

    boolean isAtEnd() throws IOException {
        in.mark(1);
        boolean atEnd = in.read() < 0;
        in.reset();
        return atEnd;
    }

    /** Makes the next {@code length} bytes the content of {@code into}, an array's; false if the file ends before. */
    boolean read(ByteBuffer into, int length) throws IOException {
        into.clear().limit(length);
        return read(into.array(), into.arrayOffset(), length);
    }

    /** Passes over {@code length} bytes; false if the file ends before. */
    boolean skip(int length) throws IOException {
        int left = length;
        while (left > 0 && read(skipped, 0, Math.min(left, skipped.length))) {
            left -= Math.min(left, skipped.length);
        }
        return left == 0;
    }

    private boolean read(byte[] into, int start, int length) throws IOException {
        int count = in.readNBytes(into, start, length);
        offset += count;
        truncated |= count < length;
        return count == length;
    }

    /** An exception that says what is wrong at {@code offset} of this file. */
    CaptureException fault(long offset, String what) {
        return new CaptureException(name + ": offset " + offset + ": " + what);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package dev.gavel.capture;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes frames of a {@link CaptureSource}, unchanged and with their times, to a pcap file with the source's link type
 * and resolution. Belongs to the source's thread.
 */
public final class CaptureWriter implements Closeable {
    private static final int HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private final OutputStream out;
    private final CaptureSource source;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    private boolean begun;
    private int linkType;
    private Resolution resolution = Resolution.MICROSECONDS;

    /** Writes to {@code out}, which {@link #close} closes, what comes from {@code source}. */
    public CaptureWriter(OutputStream out, CaptureSource source) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.source = source;
    }

    /**
     * Adds the source's {@link CaptureSource#frame}.
     *
     * @throws CaptureException if a pcap file cannot hold it beside the frames before: another link type, a finer time
     *     stamp, a time before 1970 or after 2106
     */
    public void writeFrame() throws IOException {
        CapturedFrame frame = source.frame();
        if (!begun) {
            begin(frame.linkType());
        }
        check(frame);
        int fraction = resolution == Resolution.NANOSECONDS ? frame.nanos() : frame.nanos() / 1000;
        header.clear()
                .putInt((int) frame.seconds())
                .putInt(fraction)
                .putInt(frame.capturedLength())
                .putInt(frame.originalLength());
        out.write(header.array(), 0, RECORD_HEADER);
        out.write(frame.array(), frame.start(), frame.capturedLength());
    }

    private void begin(int linkType) throws IOException {
        begun = true;
        this.linkType = linkType;
        resolution = source.resolution();
        header.clear()
                .putInt(
                        resolution == Resolution.NANOSECONDS
                                ? PcapReader.NANOSECONDS_MAGIC
                                : PcapReader.MICROSECONDS_MAGIC)
                .putShort((short) PcapReader.MAJOR_VERSION)
                .putShort((short) 4)
                .putLong(0) // time zone, accuracy
                .putInt(CaptureInput.MAX_FRAME)
                .putInt(linkType);
        out.write(header.array(), 0, HEADER);
    }

    private void check(CapturedFrame frame) {
        if (frame.linkType() != linkType) {
            throw refused(frame, "link type " + frame.linkType(), "link type " + linkType);
        }
        if (frame.resolution() == Resolution.NANOSECONDS && resolution == Resolution.MICROSECONDS) {
            throw refused(frame, "nanoseconds", "microseconds");
        }
        if (frame.seconds() >>> Integer.SIZE != 0) {
            throw refused(frame, "second " + frame.seconds() + " since 1970", "32 unsigned bits");
        }
    }

    private static CaptureException refused(CapturedFrame frame, String has, String written) {
        return new CaptureException("cannot write packet " + frame.number() + ": it has " + has
                + ", but the pcap file written holds only " + written);
    }

    /** Writes what is left, also the header of a file without frames. */
    @Override
    public void close() throws IOException {
        try (out) {
            if (!begun) {
                begin(source.linkType());
            }
        }
    }
}

package dev.gavel.capture;

import dev.gavel.queue.DeviceNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads pcap, see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html">its draft</a>. */
final class PcapReader implements FrameReader {
    static final int MICROSECONDS_MAGIC = 0xa1b2c3d4;
    static final int NANOSECONDS_MAGIC = 0xa1b23c4d;
    static final int MAJOR_VERSION = 2;

    private static final int HEADER_AFTER_MAGIC = 20;
    private static final int LINK_TYPE = 16;
    private static final int RECORD_HEADER = 16;

    private final CaptureInput in;
    private final Resolution resolution;
    private final int linkType;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_AFTER_MAGIC);
    private final ByteBuffer data = ByteBuffer.allocate(CaptureInput.MAX_FRAME);

    /** Reads the rest of the file header after {@code magic}, which also tells the byte order of all numbers. */
    PcapReader(CaptureInput in, ByteBuffer magic) throws IOException {
        this.in = in;
        ByteOrder order = isMagic(magic.getInt(0)) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        header.order(order);
        resolution =
                magic.order(order).getInt(0) == NANOSECONDS_MAGIC ? Resolution.NANOSECONDS : Resolution.MICROSECONDS;
        if (!in.read(header, HEADER_AFTER_MAGIC)) {
            throw in.fault(in.offset(), "the file ends in its header");
        }
        int version = header.getShort(0);
        if (version != MAJOR_VERSION) {
            throw in.fault(4, "pcap version " + version + " (expected: " + MAJOR_VERSION + ")");
        }
        linkType = header.getInt(LINK_TYPE) & 0xffff; // above: length of the frame check sequence
    }

    /** Whether a pcap file can begin with this number, read in the current byte order. */
    static boolean isMagic(int magic) {
        return magic == MICROSECONDS_MAGIC || magic == NANOSECONDS_MAGIC;
    }

    @Override
    public boolean read(CapturedFrame frame) throws IOException {
        long offset = in.offset();
        if (in.isAtEnd() || !in.read(header, RECORD_HEADER)) {
            return false;
        }
        long seconds = Integer.toUnsignedLong(header.getInt());
        long fraction = Integer.toUnsignedLong(header.getInt());
        int captured = header.getInt();
        int original = header.getInt();
        if (captured < 0 || captured > CaptureInput.MAX_FRAME || original < 0) {
            throw in.fault(
                    offset,
                    "packet of " + Integer.toUnsignedString(captured) + " of " + Integer.toUnsignedString(original)
                            + " bytes (expected: at most " + CaptureInput.MAX_FRAME + ")");
        }
        if (!in.read(data, captured)) {
            return false;
        }
        int perSecond = resolution == Resolution.NANOSECONDS ? 1_000_000_000 : 1_000_000;
        int nanos = (int) (fraction % perSecond * (1_000_000_000 / perSecond));
        frame.time(seconds + fraction / perSecond, nanos, resolution)
                .link(linkType, 0)
                .bytes(data.array(), 0, captured, original);
        return true;
    }

    @Override
    public int linkType() {
        return linkType;
    }

    @Override
    public Resolution resolution() {
        return resolution;
    }

    @Override
    public DeviceNames devices() {
        return DeviceNames.NONE;
    }
}

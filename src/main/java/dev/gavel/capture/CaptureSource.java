package dev.gavel.capture;

import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Packets of a capture file, pcap or pcapng, in file order, as a queue would have brought them. They are Ethernet (with
 * up to three VLAN tags; the outermost is the packet's), Linux cooked, raw IP or loopback. Belongs to one thread.
 *
 * <p>A slot gets the bytes from the IP header on, without the padding of a short frame; of a frame that is not IP, all
 * of it. What does not fit into the slot is cut. The time received is the capture's, in nanoseconds since 1970.
 */
public final class CaptureSource implements PacketSource {
    private final CaptureInput in;
    private final FrameReader reader;
    private final CaptureContext context;
    private final CapturedFrame frame = new CapturedFrame();
    private final LinkLayer link = new LinkLayer();
    private boolean ended;

    private CaptureSource(CaptureInput in, CaptureContext context) throws IOException {
        this.in = in;
        this.context = context;
        ByteBuffer magic = ByteBuffer.allocate(4);
        boolean whole = in.read(magic, 4);
        if (magic.getInt(0) == PcapngReader.SECTION_HEADER) {
            reader = new PcapngReader(in);
        } else if (PcapReader.isMagic(magic.getInt(0)) || PcapReader.isMagic(Integer.reverseBytes(magic.getInt(0)))) {
            reader = new PcapReader(in, magic);
        } else {
            throw in.fault(
                    0,
                    whole
                            ? String.format("begins with %08x, so it is neither pcap nor pcapng", magic.getInt(0))
                            : "too short for a capture");
        }
    }

    /**
     * Opens {@code file}.
     *
     * @throws CaptureException if it is not a capture
     */
    public static CaptureSource open(Path file, CaptureContext context) throws IOException {
        return read(Files.newInputStream(file), file.toString(), context);
    }

    /**
     * Reads from {@code stream}, which this source closes; {@code name} is for messages.
     *
     * @throws CaptureException if it does not hold a capture
     */
    public static CaptureSource read(InputStream stream, String name, CaptureContext context) throws IOException {
        CaptureInput in = new CaptureInput(stream, name);
        try {
            return new CaptureSource(in, context);
        } catch (IOException | CaptureException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Fills one slot, so that {@link #frame} is that packet's. Waits for as long as the file system or pipe does.
     *
     * @throws CaptureException if the file contradicts itself; it has ended then
     * @throws UncheckedIOException if it cannot be read
     */
    @Override
    public int receive(QueuedPacket[] slots, int count) {
        if (ended) {
            return END;
        }
        ended = true; // also if this throws
        if (!next()) {
            return END;
        }
        ended = false;
        fill(slots[0]);
        return 1;
    }

    @Override
    public int poll(QueuedPacket[] slots, int count) {
        return receive(slots, count);
    }

    private boolean next() {
        long offset = in.offset();
        try {
            if (!reader.read(frame)) {
                return false;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!link.locate(frame)) {
            throw in.fault(
                    offset,
                    "packet " + (frame.number() + 1) + " has link type " + frame.linkType()
                            + " (expected: Ethernet 1, Linux cooked 113, 276, raw IP 101, 228, 229, 12, 14, "
                            + "loopback 0, 108)");
        }
        frame.numbered(link.isIp());
        return true;
    }

    private void fill(QueuedPacket slot) {
        int captured = Math.min(link.captured(), slot.slotLength());
        slot.reset(context.queueNumber(), (int) frame.number(), frame.timeNs())
                .hook(context.hook())
                .mark(context.mark())
                .inDevice(context.inDevice() == null ? frame.device() : 1)
                .sourceMac(link.sourceMac())
                .vlan(link.vlan())
                .bytes(slot.slotOffset(), captured, link.original());
        slot.buffer().setBytes(slot.slotOffset(), frame.array(), frame.start() + link.offset(), captured);
    }

    /** The frame of the packet received last, as it is in the file. The same instance each time. */
    public CapturedFrame frame() {
        return frame;
    }

    /** Whether the file ended in the middle of something; what was whole before has been received. */
    public boolean isTruncated() {
        return in.isTruncated();
    }

    /** Link type of the file, or of the first interface described in it so far; see {@link CapturedFrame#linkType}. */
    public int linkType() {
        return reader.linkType();
    }

    /** Resolution of the time stamps; the finest so far if interfaces differ. */
    public Resolution resolution() {
        return reader.resolution();
    }

    /** A sink that discards: nobody waits for these verdicts. */
    @Override
    public VerdictSink verdicts() {
        return new Discard();
    }

    @Override
    public DeviceNames devices() {
        String name = context.inDevice();
        return name == null ? reader.devices() : device -> device == 1 ? name : null;
    }

    @Override
    public void stopQueueing() {
        ended = true;
    }

    /** -1: nobody counts the packets of a file before they are read. */
    @Override
    public int waiting() {
        return -1;
    }

    @Override
    public void close() {
        ended = true;
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Discard implements VerdictSink {
        private int size;

        @Override
        public int size() {
            return size;
        }

        @Override
        public void add(int packetId, Verdict verdict) {
            size++;
        }

        @Override
        public void add(int packetId, Verdict verdict, int mark) {
            size++;
        }

        @Override
        public void clear() {
            size = 0;
        }

        @Override
        public void flush() {
            size = 0;
        }
    }
}

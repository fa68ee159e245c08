package dev.gavel.capture;

import dev.gavel.queue.DeviceNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads pcapng, see <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html">its draft</a>, section 4
 * and appendix A. Blocks without packets or interfaces are passed over, whatever is in them.
 */
final class PcapngReader implements FrameReader {
    static final int SECTION_HEADER = 0x0a0d0d0a; // the same in both byte orders

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int MAJOR_VERSION = 1;
    private static final int FRAMING = 12; // type, length, and the length again
    private static final int SECTION_START = 12; // after the type: length, magic, version
    private static final int MIN_SECTION_HEADER = 28;
    private static final int MAX_BLOCK = CaptureInput.MAX_FRAME + 128 * 1024; // a frame and its options
    private static final int MAX_INTERFACES = 65_536;

    private static final int END_OF_OPTIONS = 0;
    private static final int IF_NAME = 2;
    private static final int IF_TSRESOL = 9;
    private static final int IF_TSOFFSET = 14;
    private static final int MAX_NAME = 255; // Linux has 15, Windows some 50: longer ones count as no name

    private final CaptureInput in;
    private final InterfaceNames names = new InterfaceNames();
    private final List<CapturedInterface> interfaces = new ArrayList<>(); // of this section
    private final ByteBuffer word = ByteBuffer.allocate(4);
    private final ByteBuffer body = ByteBuffer.allocate(MAX_BLOCK);
    private int linkType = LinkLayer.ETHERNET;
    private boolean linkTypeKnown;
    private Resolution resolution = Resolution.MICROSECONDS;
    private long blockOffset;

    /** Reads the rest of the first section header, after its type. */
    PcapngReader(CaptureInput in) throws IOException {
        this.in = in;
        if (!beginSection()) {
            throw in.fault(in.offset(), "the file ends in its header");
        }
    }

    @Override
    public boolean read(CapturedFrame frame) throws IOException {
        while (!in.isAtEnd()) {
            blockOffset = in.offset();
            if (!in.read(word, 4)) {
                return false;
            }
            int type = word.getInt(0);
            boolean whole = type == SECTION_HEADER ? beginSection() : readBlock(type);
            if (!whole) {
                return false;
            }
            if (take(type, frame)) {
                return true;
            }
        }
        return false;
    }

    /** Reads a section header after its type; false if the file ends too early. */
    private boolean beginSection() throws IOException {
        if (!in.read(body, SECTION_START)) {
            return false;
        }
        ByteOrder order = ByteOrder.BIG_ENDIAN;
        if (body.order(order).getInt(4) != BYTE_ORDER_MAGIC) {
            order = ByteOrder.LITTLE_ENDIAN;
        }
        word.order(order);
        if (body.order(order).getInt(4) != BYTE_ORDER_MAGIC) {
            throw fault("byte-order magic 0x" + Integer.toHexString(body.getInt(4)) + " (expected: 0x1a2b3c4d)");
        }
        if (body.getShort(8) != MAJOR_VERSION) {
            throw fault("pcapng version " + body.getShort(8) + " (expected: " + MAJOR_VERSION + ")");
        }
        interfaces.clear();
        int length = checkedLength(body.getInt(0), MIN_SECTION_HEADER, Integer.MAX_VALUE);
        return in.skip(length - SECTION_START - 8) && endBlock(length);
    }

    /** Reads a block after its type, and its body only if it is used; false if the file ends too early. */
    private boolean readBlock(int type) throws IOException {
        if (!in.read(word, 4)) {
            return false;
        }
        int fixed = fixedLength(type);
        int length = checkedLength(word.getInt(0), FRAMING + fixed, fixed == 0 ? Integer.MAX_VALUE : MAX_BLOCK);
        return (fixed == 0 ? in.skip(length - FRAMING) : in.read(body, length - FRAMING)) && endBlock(length);
    }

    /** Bytes before the data or options of a block that is used; 0: the block is skipped. */
    private static int fixedLength(int type) {
        return switch (type) {
            case INTERFACE_DESCRIPTION -> 8;
            case SIMPLE_PACKET -> 4;
            case OBSOLETE_PACKET, ENHANCED_PACKET -> 20;
            default -> 0;
        };
    }

    private int checkedLength(int length, int least, int most) {
        if (length < least || length > most || length % 4 != 0) {
            throw fault("block of " + Integer.toUnsignedString(length) + " bytes (expected: " + least + " to " + most
                    + ", a multiple of 4)");
        }
        return length;
    }

    private boolean endBlock(int length) throws IOException {
        if (!in.read(word, 4)) {
            return false;
        }
        if (word.getInt(0) != length) {
            throw fault(
                    "block of " + length + " bytes that ends as one of " + Integer.toUnsignedString(word.getInt(0)));
        }
        return true;
    }

    /** Takes in what the block's body says; true if that is a packet. */
    private boolean take(int type, CapturedFrame frame) {
        switch (type) {
            case INTERFACE_DESCRIPTION -> addInterface();
            case SIMPLE_PACKET -> simplePacket(frame);
            case OBSOLETE_PACKET -> {
                CapturedInterface of = described(Short.toUnsignedInt(body.getShort()));
                body.getShort(); // drops
                stampedPacket(frame, of);
            }
            case ENHANCED_PACKET -> stampedPacket(frame, described(body.getInt()));
            default -> {
                return false;
            }
        }
        return type != INTERFACE_DESCRIPTION;
    }

    private CapturedInterface described(int id) {
        if (id < 0 || id >= interfaces.size()) {
            throw fault("packet of interface " + Integer.toUnsignedString(id) + " (expected: one of the "
                    + interfaces.size() + " described before)");
        }
        return interfaces.get(id);
    }

    private void stampedPacket(CapturedFrame frame, CapturedInterface of) {
        long stamp = (long) body.getInt() << 32 | Integer.toUnsignedLong(body.getInt());
        if (!of.stamp(frame, stamp)) {
            throw fault("time stamp " + Long.toUnsignedString(stamp) + " (expected: before the year 2262)");
        }
        int captured = body.getInt();
        packet(frame, of, captured, body.getInt());
    }

    /** A block without a time: the packet has that of the one before. */
    private void simplePacket(CapturedFrame frame) {
        CapturedInterface of = described(0);
        int original = body.getInt();
        int most = of.snapLength() == 0 ? original : Math.min(original, of.snapLength());
        packet(frame, of, Math.min(most, body.remaining()), original);
    }

    private void packet(CapturedFrame frame, CapturedInterface of, int captured, int original) {
        int most = Math.min(body.remaining(), CaptureInput.MAX_FRAME);
        if (captured < 0 || captured > most || original < 0) {
            throw fault("packet of " + Integer.toUnsignedString(captured) + " of " + Integer.toUnsignedString(original)
                    + " bytes (expected: at most " + most + ")");
        }
        frame.link(of.linkType(), of.device()).bytes(body.array(), body.position(), captured, original);
    }

    private void addInterface() {
        if (interfaces.size() == MAX_INTERFACES) {
            throw fault("more than " + MAX_INTERFACES + " interfaces");
        }
        int type = Short.toUnsignedInt(body.getShort());
        body.getShort(); // reserved
        CapturedInterface added = withOptions(type, Math.max(0, body.getInt()));
        if (!added.isUnitKnown()) {
            throw fault("if_tsresol 0x" + Integer.toHexString(added.unit()));
        }
        interfaces.add(added);
        if (!linkTypeKnown) {
            linkType = type;
            linkTypeKnown = true;
        }
        if (added.resolution() == Resolution.NANOSECONDS) {
            resolution = Resolution.NANOSECONDS;
        }
    }

    private CapturedInterface withOptions(int type, int snapLength) {
        int unit = CapturedInterface.MICROSECONDS;
        long offsetSeconds = 0;
        int device = 0;
        while (body.remaining() >= 4) {
            int code = Short.toUnsignedInt(body.getShort());
            int length = Short.toUnsignedInt(body.getShort());
            if (code == END_OF_OPTIONS) {
                break;
            }
            if (length > body.remaining()) {
                throw fault("option " + code + " of " + length + " bytes (expected: at most " + body.remaining() + ")");
            }
            int value = body.position();
            if (code == IF_TSRESOL && length == 1) {
                unit = body.get(value) & 0xff;
            } else if (code == IF_TSOFFSET && length == 8) {
                offsetSeconds = body.getLong(value);
            } else if (code == IF_NAME && length > 0 && length <= MAX_NAME) {
                device = deviceNamed(new String(body.array(), value, length, StandardCharsets.UTF_8));
            }
            body.position(Math.min(body.limit(), value + (length + 3 & ~3)));
        }
        return new CapturedInterface(type, snapLength, unit, offsetSeconds, device);
    }

    private int deviceNamed(String name) {
        int device = names.index(name);
        if (device > MAX_INTERFACES) {
            throw fault("more than " + MAX_INTERFACES + " names of interfaces");
        }
        return device;
    }

    private CaptureException fault(String what) {
        return in.fault(blockOffset, what);
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
        return names;
    }
}

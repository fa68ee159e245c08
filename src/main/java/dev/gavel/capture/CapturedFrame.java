package dev.gavel.capture;

/**
 * The frame that a {@link CaptureSource} read last, as it is in the file. The source re-fills its one instance with
 * each packet: never keep it.
 */
public final class CapturedFrame {
    private static final byte[] NOTHING = {};

    private long number;
    private long seconds;
    private int nanos;
    private Resolution resolution = Resolution.MICROSECONDS;
    private int linkType;
    private int device;
    private byte[] array = NOTHING;
    private int start;
    private int capturedLength;
    private int originalLength;
    private boolean ip;

    /** Number of the frame in the file, from 1. */
    public long number() {
        return number;
    }

    /** Since 1970-01-01T00:00:00Z, in the range that {@link #timeNs} needs. */
    public long seconds() {
        return seconds;
    }

    /** Nanoseconds within the second: 0 to 999,999,999. */
    public int nanos() {
        return nanos;
    }

    /** Since 1970-01-01T00:00:00Z. */
    public long timeNs() {
        return seconds * 1_000_000_000L + nanos;
    }

    public Resolution resolution() {
        return resolution;
    }

    /** One of <a href="https://www.tcpdump.org/linktypes.html">tcpdump's LINKTYPE values</a>. */
    public int linkType() {
        return linkType;
    }

    /** Bytes of the frame in the file. */
    public int capturedLength() {
        return capturedLength;
    }

    /** Bytes that the frame had; as the file says, even if that is less than were captured. */
    public int originalLength() {
        return originalLength;
    }

    /** Whether its link layer announces IPv4 or IPv6; what follows need not be that. */
    public boolean isIp() {
        return ip;
    }

    /** Index of the interface's name in the source's devices; 0: none. */
    int device() {
        return device;
    }

    /** The memory that the frame's bytes are in, from {@link #start} on. */
    byte[] array() {
        return array;
    }

    int start() {
        return start;
    }

    /** The byte {@code at} of the frame, unsigned. */
    int unsignedByte(int at) {
        return array[start + at] & 0xff;
    }

    /** The big-endian 16 bits {@code at} of the frame. */
    int unsignedShort(int at) {
        return unsignedByte(at) << 8 | unsignedByte(at + 1);
    }

    CapturedFrame time(long seconds, int nanos, Resolution resolution) {
        this.seconds = seconds;
        this.nanos = nanos;
        this.resolution = resolution;
        return this;
    }

    CapturedFrame link(int linkType, int device) {
        this.linkType = linkType;
        this.device = device;
        return this;
    }

    CapturedFrame bytes(byte[] array, int start, int capturedLength, int originalLength) {
        this.array = array;
        this.start = start;
        this.capturedLength = capturedLength;
        this.originalLength = originalLength;
        return this;
    }

    /** Counts this frame as the next one of the file. */
    void numbered(boolean ip) {
        number++;
        this.ip = ip;
    }
}

package dev.gavel.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Steps through netlink attributes (struct nlattr, linux/netlink.h): type, length, value, padding to four bytes. */
public final class AttributeCursor {
    private static final int HEADER_BYTES = 4;
    private static final int TYPE_MASK = 0x3fff; // above are the flags "nested" and "network byte order"

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int next;
    private int end;
    private int type;
    private int valueOffset;
    private int valueLength;
    private int claimedLength;

    /** A cursor before the first of the attributes between two indexes of {@code buffer}. */
    public void wrap(ByteBuf buffer, int from, int to) {
        this.buffer = buffer;
        next = from;
        end = to;
    }

    /** Moves to the next attribute; false if none follows with a whole header and a length of at least that header. */
    public boolean next() {
        if (end - next < HEADER_BYTES) {
            return false;
        }
        int length = buffer.getUnsignedShortLE(next);
        if (length < HEADER_BYTES) {
            return false;
        }
        type = buffer.getUnsignedShortLE(next + 2) & TYPE_MASK;
        valueOffset = next + HEADER_BYTES;
        claimedLength = length - HEADER_BYTES;
        valueLength = Math.min(claimedLength, end - valueOffset);
        next = Math.min(end, next + (length + 3 & ~3)); // the last one need not be padded
        return true;
    }

    /** The attribute's type, without flags. */
    public int type() {
        return type;
    }

    /** Index of the first byte of the attribute's value. */
    public int offset() {
        return valueOffset;
    }

    /** Received bytes of the attribute's value. */
    public int length() {
        return valueLength;
    }

    /** Bytes that the value should have: more than {@link #length} if the message was truncated. */
    public int claimedLength() {
        return claimedLength;
    }
}

package dev.gavel.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** View of one netlink message (struct nlmsghdr, linux/netlink.h), re-wrapped for each. */
public final class NetlinkMessage {
    /** Bytes of a header. */
    public static final int HEADER_BYTES = 16;
    /** Message type of errors and acknowledgements. */
    public static final int ERROR = 2;
    /** Flag that every message to the kernel must carry. */
    public static final int REQUEST = 1;
    /** Flag that asks for a reply also where nothing went wrong. */
    public static final int ACKNOWLEDGE = 4;

    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;
    private static final int QUEUE = HEADER_BYTES + 2;
    private static final int QUEUE_HEADER_BYTES = 4;
    private static final int ERROR_BODY_BYTES = 4 + HEADER_BYTES;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int start;
    private int available;

    /**
     * Points this view at the message at {@code offset}, of which {@code received} bytes are there. The message may
     * claim more (it was cut on receipt): the view then ends where the received bytes end.
     *
     * @return false, and the view is unusable, if no whole header was received or its length field is too small
     */
    public boolean wrap(ByteBuf buffer, int offset, int received) {
        this.buffer = buffer;
        start = offset;
        available = 0;
        if (received < HEADER_BYTES) {
            return false;
        }
        long claimed = buffer.getUnsignedIntLE(offset);
        if (claimed < HEADER_BYTES) {
            return false;
        }
        available = (int) Math.min(claimed, received);
        return true;
    }

    public int type() {
        return buffer.getUnsignedShortLE(start + TYPE);
    }

    public int flags() {
        return buffer.getUnsignedShortLE(start + FLAGS);
    }

    /** In a reply, the sequence number of the message that it answers. */
    public int sequence() {
        return buffer.getIntLE(start + SEQUENCE);
    }

    /** Received bytes of this message, header included. */
    public int length() {
        return available;
    }

    /** Index of the first byte after this message, or after what there is of it. */
    public int end() {
        return start + available;
    }

    /** Whether an error's body is whole: an errno and the header of the message it answers. */
    public boolean hasError() {
        return type() == ERROR && available >= HEADER_BYTES + ERROR_BODY_BYTES;
    }

    /** The errno of an error, positive; 0: an acknowledgement. Only after {@link #hasError}. */
    public int errno() {
        return -buffer.getIntLE(start + HEADER_BYTES);
    }

    /** Whether a {@code struct nfgenmsg} follows the header. */
    public boolean hasQueueHeader() {
        return available >= HEADER_BYTES + QUEUE_HEADER_BYTES;
    }

    /** The queue's number in the nfgenmsg. Only after {@link #hasQueueHeader}. */
    public int queueNumber() {
        return buffer.getUnsignedShort(start + QUEUE);
    }

    /** Index of the first attribute after the nfgenmsg. Only after {@link #hasQueueHeader}. */
    public int attributesOffset() {
        return start + HEADER_BYTES + QUEUE_HEADER_BYTES;
    }
}

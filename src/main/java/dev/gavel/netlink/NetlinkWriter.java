package dev.gavel.netlink;

import io.netty.buffer.ByteBuf;

/**
 * Writes netlink messages one after the other at the writer index of a caller's buffer. A message or an attribute is
 * begun, filled and ended; its length is filled in when it ends.
 */
public final class NetlinkWriter {
    private static final int LENGTH = 0;
    private static final int SEQUENCE = 8;

    private final ByteBuf out;

    /** A writer to {@code out}, which the caller owns and which must have room for what is written. */
    public NetlinkWriter(ByteBuf out) {
        this.out = out;
    }

    /** Begins a message (struct nlmsghdr, linux/netlink.h) with sequence number and port id 0; returns its handle. */
    public int beginMessage(int type, int flags) {
        int start = out.writerIndex();
        out.writeIntLE(0).writeShortLE(type).writeShortLE(flags).writeLongLE(0);
        return start;
    }

    /** Sets the sequence number of {@code message}, which replies to it repeat. */
    public NetlinkWriter sequence(int message, int sequence) {
        out.setIntLE(message + SEQUENCE, sequence);
        return this;
    }

    /** Writes a {@code struct nfgenmsg} (linux/netfilter/nfnetlink.h) whose res_id is a queue's number. */
    public NetlinkWriter queueHeader(int queueNumber) {
        out.writeShort(0).writeShort(queueNumber);
        return this;
    }

    /** Begins an attribute of {@code type}; returns its handle. */
    public int beginAttribute(int type) {
        int start = out.writerIndex();
        out.writeShortLE(0).writeShortLE(type);
        return start;
    }

    public NetlinkWriter bigEndianInt(int value) {
        out.writeInt(value);
        return this;
    }

    public NetlinkWriter bigEndianShort(int value) {
        out.writeShort(value);
        return this;
    }

    public NetlinkWriter unsignedByte(int value) {
        out.writeByte(value);
        return this;
    }

    /** Writes {@code length} bytes of {@code source} from {@code offset}. */
    public NetlinkWriter bytes(ByteBuf source, int offset, int length) {
        out.writeBytes(source, offset, length);
        return this;
    }

    /** Ends {@code attribute}: fills in its length, without padding, and pads it to four bytes. */
    public void endAttribute(int attribute) {
        int length = out.writerIndex() - attribute;
        out.setShortLE(attribute, length);
        out.writeZero(-length & 3);
    }

    /** Ends {@code message}: fills in its length, which is returned. */
    public int endMessage(int message) {
        int length = out.writerIndex() - message;
        out.setIntLE(message + LENGTH, length);
        return length;
    }
}

package dev.gavel.nfqueue;

import dev.gavel.netlink.AttributeCursor;
import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;

/**
 * Reads NFQNL_MSG_PACKET messages into slots. What is missing, cut or unknown is absent; the packet stays answerable.
 */
final class PacketMessage {
    private static final int PACKET_HEADER_BYTES = 7; // be32 id, be16 protocol, u8 hook
    private static final int STAMP_BYTES = 16; // be64 seconds since 1970, be64 microseconds
    private static final int MAC_BYTES = 6;
    private static final int VLAN_ID_MASK = 0xfff;

    private final AttributeCursor attributes = new AttributeCursor();
    private final AttributeCursor nested = new AttributeCursor();
    private long stampNs;

    /**
     * Fills {@code packet}, in whose slot the message stands.
     *
     * @return false if the message names no packet, so that there is nothing to answer
     */
    boolean read(NetlinkMessage message, ByteBuf buffer, QueuedPacket packet, long receivedNs) {
        if (!message.hasQueueHeader()) {
            return false;
        }
        attributes.wrap(buffer, message.attributesOffset(), message.end());
        if (!attributes.next() || attributes.type() != Nfnl.A_PACKET_HDR || attributes.length() < 4) {
            return false; // the kernel always sends it first
        }
        int id = buffer.getInt(attributes.offset());
        packet.reset(message.queueNumber(), id, receivedNs);
        stampNs = 0;
        if (attributes.length() >= PACKET_HEADER_BYTES) {
            packet.hook(Hook.ofNumber(buffer.getUnsignedByte(attributes.offset() + 6)));
        }
        readAttributes(buffer, packet);
        return true;
    }

    /**
     * When the packet read last came into the machine, in nanoseconds since 1970; 0 if the kernel has not stamped it.
     */
    long stampNs() {
        return stampNs;
    }

    private void readAttributes(ByteBuf buffer, QueuedPacket packet) {
        long originalLength = 0;
        int payloadOffset = packet.slotOffset();
        int payloadLength = 0;
        while (attributes.next()) {
            if (attributes.type() == Nfnl.A_PAYLOAD) {
                payloadOffset = attributes.offset();
                payloadLength = attributes.length();
                originalLength = Math.max(originalLength, attributes.claimedLength());
            } else if (attributes.type() == Nfnl.A_CAP_LEN && attributes.length() >= 4) {
                originalLength = Math.max(originalLength, buffer.getInt(attributes.offset()));
            } else if (attributes.length() >= 4) {
                readMetadata(buffer, packet);
            }
        }
        packet.bytes(payloadOffset, payloadLength, (int) originalLength);
    }

    private void readMetadata(ByteBuf buffer, QueuedPacket packet) {
        int offset = attributes.offset();
        switch (attributes.type()) {
            case Nfnl.A_MARK -> packet.mark(buffer.getInt(offset));
            case Nfnl.A_IFINDEX_INDEV -> packet.inDevice(buffer.getInt(offset));
            case Nfnl.A_IFINDEX_OUTDEV -> packet.outDevice(buffer.getInt(offset));
            case Nfnl.A_UID -> packet.uid(buffer.getUnsignedInt(offset));
            case Nfnl.A_GID -> packet.gid(buffer.getUnsignedInt(offset));
            case Nfnl.A_SKB_INFO -> {
                int flags = buffer.getInt(offset);
                packet.offload((flags & Nfnl.SKB_GSO) != 0, (flags & Nfnl.SKB_CSUMNOTREADY) != 0);
            }
            case Nfnl.A_TIMESTAMP -> readStamp(buffer, offset);
            case Nfnl.A_HWADDR -> readHardwareAddress(buffer, offset, packet);
            case Nfnl.A_VLAN -> readVlan(buffer, offset, packet);
            default -> {
                // of no interest, or newer than we are
            }
        }
    }

    private void readStamp(ByteBuf buffer, int offset) {
        if (attributes.length() >= STAMP_BYTES) {
            stampNs = buffer.getLong(offset) * 1_000_000_000 + buffer.getLong(offset + 8) * 1_000;
        }
    }

    /** struct nfqnl_msg_packet_hw: be16 length, two bytes of padding, eight of address. */
    private void readHardwareAddress(ByteBuf buffer, int offset, QueuedPacket packet) {
        if (attributes.length() >= 4 + MAC_BYTES && buffer.getUnsignedShort(offset) == MAC_BYTES) {
            packet.sourceMac((long) buffer.getUnsignedShort(offset + 4) << 32 | buffer.getUnsignedInt(offset + 6));
        }
    }

    private void readVlan(ByteBuf buffer, int offset, QueuedPacket packet) {
        nested.wrap(buffer, offset, offset + attributes.length());
        while (nested.next()) {
            if (nested.type() == Nfnl.A_VLAN_TCI && nested.length() >= 2) {
                packet.vlan(buffer.getUnsignedShort(nested.offset()) & VLAN_ID_MASK);
            }
        }
    }
}

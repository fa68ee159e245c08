package dev.gavel.sys;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Sends whole IP packets, header included, with a mark of our own; see raw(7), ipv6(7) and sendmsg(2). Needs
 * CAP_NET_RAW and CAP_NET_ADMIN. Belongs to one thread at a time.
 *
 * <p>A send never waits for room: packets sent earlier may be in a queue that only the calling thread can empty.
 */
public final class RawSender implements AutoCloseable {
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPPROTO_RAW = 255;
    private static final int IP_HDRINCL = 3;
    private static final int IPV6_HDRINCL = 36;

    private static final int IPV4_DESTINATION = 16;
    private static final int IPV6_DESTINATION = 24;

    // One struct msghdr, one struct iovec, and room for the larger struct sockaddr after them.
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_LENGTH = 24;
    private static final int HEADER_BYTES = 56;
    private static final int ADDRESS = HEADER_BYTES + 16;
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;

    private final NativeSocket ipv4;
    private final @Nullable NativeSocket ipv6; // null: this kernel has no IPv6, hence no such packets either
    private final ByteBuf memory = Unpooled.directBuffer(ADDRESS + SOCKADDR_IN6_BYTES);

    /** Opens both sockets; everything sent through them carries {@code mark}. */
    public RawSender(int mark) {
        ipv4 = open(NativeSocket.AF_INET, IPPROTO_IP, IP_HDRINCL, mark);
        try {
            ipv6 = openIpv6(mark);
        } catch (SyscallException e) {
            ipv4.close();
            throw e;
        }
        memory.setZero(0, memory.capacity());
        memory.setLongLE(0, memory.memoryAddress() + ADDRESS);
        memory.setLongLE(IOV, memory.memoryAddress() + HEADER_BYTES);
        memory.setLongLE(IOV_LENGTH, 1);
    }

    private static @Nullable NativeSocket openIpv6(int mark) {
        try {
            return open(NativeSocket.AF_INET6, IPPROTO_IPV6, IPV6_HDRINCL, mark);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EAFNOSUPPORT) {
                return null;
            }
            throw e;
        }
    }

    private static NativeSocket open(int family, int level, int headerIncluded, int mark) {
        NativeSocket socket = NativeSocket.open(family, NativeSocket.SOCK_RAW, IPPROTO_RAW);
        try {
            socket.option(level, headerIncluded, 1);
            socket.option(NativeSocket.SOL_SOCKET, NativeSocket.SO_MARK, mark);
            return socket;
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends the IP packet that is {@code length} bytes from the start of the direct buffer {@code packet}.
     *
     * @param device index of the interface for a link-local IPv6 destination; 0: the routing table says
     * @return 0, or the errno of the failure
     */
    public int send(ByteBuf packet, int length, int device) {
        memory.setLongLE(HEADER_BYTES, packet.memoryAddress());
        memory.setLongLE(HEADER_BYTES + 8, length);
        if (packet.getUnsignedByte(0) >>> 4 == 4) {
            memory.setIntLE(NAME_LENGTH, SOCKADDR_IN_BYTES);
            memory.setZero(ADDRESS, SOCKADDR_IN_BYTES);
            memory.setShortLE(ADDRESS, NativeSocket.AF_INET);
            memory.setBytes(ADDRESS + 4, packet, IPV4_DESTINATION, 4);
            return ipv4.sendMessage(memory.memoryAddress());
        }
        if (ipv6 == null) {
            return Errno.EAFNOSUPPORT;
        }
        memory.setIntLE(NAME_LENGTH, SOCKADDR_IN6_BYTES);
        memory.setZero(ADDRESS, SOCKADDR_IN6_BYTES);
        memory.setShortLE(ADDRESS, NativeSocket.AF_INET6);
        memory.setBytes(ADDRESS + 8, packet, IPV6_DESTINATION, 16);
        if (packet.getUnsignedShort(IPV6_DESTINATION) >>> 6 == 0xfe80 >>> 6) {
            memory.setIntLE(ADDRESS + 24, device);
        }
        return ipv6.sendMessage(memory.memoryAddress());
    }

    @Override
    public void close() {
        ipv4.close();
        if (ipv6 != null) {
            ipv6.close();
        }
        memory.release();
    }
}

package dev.gavel.sys;

import static dev.gavel.sys.Native.LIBC;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A socket's descriptor, closed on exec. Threads may send and receive at the same time; whoever closes it must know
 * that no other thread is in a call.
 */
public final class NativeSocket implements AutoCloseable {
    /** Returned by a receive when nothing arrives within its time-out. */
    public static final int NOTHING = 0;
    /** Returned by a receive when the kernel has lost messages because the socket's buffer was full (ENOBUFS). */
    public static final int OVERRUN = -1;

    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOL_SOCKET = 1;
    public static final int SO_RCVBUF = 8;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int SO_MARK = 36;

    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_WAITFORONE = 0x10000;
    private static final int CLOSED = -1;

    private final AtomicInteger fd;

    private NativeSocket(int fd) {
        this.fd = new AtomicInteger(fd);
    }

    /** Opens a socket, see socket(2). */
    public static NativeSocket open(int domain, int type, int protocol) {
        return new NativeSocket(check("socket", LIBC.socket(domain, type | SOCK_CLOEXEC, protocol)));
    }

    private static int check(String call, int result) {
        if (result < 0) {
            throw new SyscallException(call, Native.errno());
        }
        return result;
    }

    /** Binds to a {@code struct sockaddr}: the readable bytes of the direct buffer {@code address}. */
    public void bind(ByteBuf address) {
        check("bind", LIBC.bind(fd(), start(address), address.readableBytes()));
    }

    /** Connects to a {@code struct sockaddr}: the readable bytes of the direct buffer {@code address}. */
    public void connect(ByteBuf address) {
        check("connect", LIBC.connect(fd(), start(address), address.readableBytes()));
    }

    private static long start(ByteBuf buffer) {
        return buffer.memoryAddress() + buffer.readerIndex();
    }

    /** Sets an option whose value is an int, see setsockopt(2). */
    public void option(int level, int name, int value) {
        int errno = tryOption(level, name, value);
        if (errno != 0) {
            throw new SyscallException("setsockopt " + level + "/" + name, errno);
        }
    }

    /** As {@link #option(int, int, int)}, but returns the errno, 0 for success. */
    public int tryOption(int level, int name, int value) {
        ByteBuf memory = Unpooled.directBuffer(4).writeIntLE(value);
        try {
            return LIBC.setsockopt(fd(), level, name, memory.memoryAddress(), 4) < 0 ? Native.errno() : 0;
        } finally {
            memory.release();
        }
    }

    /** The value of an option that is an int, see getsockopt(2). */
    public int option(int level, int name) {
        ByteBuf memory = Unpooled.directBuffer(8).writeIntLE(0).writeIntLE(4);
        try {
            long address = memory.memoryAddress();
            check("getsockopt " + level + "/" + name, LIBC.getsockopt(fd(), level, name, address, address + 4));
            return memory.getIntLE(0);
        } finally {
            memory.release();
        }
    }

    /** Bounds every receive to {@code milliseconds}. */
    public void receiveTimeout(int milliseconds) {
        ByteBuf time = Unpooled.directBuffer(16);
        try {
            time.writeLongLE(milliseconds / 1000).writeLongLE(milliseconds % 1000 * 1000L);
            check("setsockopt SO_RCVTIMEO", LIBC.setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, time.memoryAddress(), 16));
        } finally {
            time.release();
        }
    }

    /**
     * Receives one datagram.
     *
     * @param address native memory to write to; the caller keeps it alive
     * @param length room at {@code address}, in bytes
     * @return bytes received, {@link #NOTHING} or {@link #OVERRUN}
     * @see <a href="https://man7.org/linux/man-pages/man2/recv.2.html">recv(2)</a>
     */
    public int receive(long address, int length) {
        return received("recv", LIBC.recv(fd(), address, length, 0));
    }

    /**
     * Receives up to {@code count} datagrams to the targets of {@code messages}; waits for the first only.
     *
     * @return datagrams received, {@link #NOTHING} or {@link #OVERRUN}
     * @see <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>
     */
    public int receive(MessageVector messages, int count) {
        return receive(messages, count, MSG_WAITFORONE);
    }

    /** As {@link #receive(MessageVector, int)}, but does not wait. */
    public int poll(MessageVector messages, int count) {
        return receive(messages, count, MSG_DONTWAIT);
    }

    private int receive(MessageVector messages, int count, int flags) {
        if (count < 1 || count > messages.capacity()) {
            throw new IllegalArgumentException("count " + count + " (expected: 1 to " + messages.capacity() + ")");
        }
        return received("recvmmsg", LIBC.recvmmsg(fd(), messages.address(), count, flags, 0));
    }

    private static int received(String call, long result) {
        if (result >= 0) {
            return (int) result;
        }
        int errno = Native.errno();
        return switch (errno) {
            case Errno.EAGAIN, Errno.EINTR -> NOTHING; // interrupted: the caller does its other work and calls again
            case Errno.ENOBUFS -> OVERRUN;
            default -> throw new SyscallException(call, errno);
        };
    }

    /**
     * Sends one datagram to the connected peer.
     *
     * @return 0, or the errno of the failure
     * @see <a href="https://man7.org/linux/man-pages/man2/send.2.html">send(2)</a>
     */
    public int send(long address, int length) {
        while (LIBC.send(fd(), address, length, 0) < 0) {
            int errno = Native.errno();
            if (errno != Errno.EINTR) {
                return errno;
            }
        }
        return 0;
    }

    /**
     * Sends the {@code struct msghdr} at {@code message} without waiting; returns 0, or the errno of the failure:
     * {@link Errno#EAGAIN} if the socket's send buffer has no room.
     */
    int sendMessage(long message) {
        while (LIBC.sendmsg(fd(), message, MSG_DONTWAIT) < 0) {
            int errno = Native.errno();
            if (errno != Errno.EINTR) {
                return errno;
            }
        }
        return 0;
    }

    private int fd() {
        return fd.get();
    }

    /** Closes the descriptor. Idempotent. */
    @Override
    public void close() {
        int open = fd.getAndSet(CLOSED);
        if (open != CLOSED) {
            LIBC.close(open);
        }
    }
}

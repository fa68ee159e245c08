package dev.gavel.nfqueue;

import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.netlink.NetlinkWriter;
import dev.gavel.sys.Capability;
import dev.gavel.sys.Errno;
import dev.gavel.sys.NativeSocket;
import dev.gavel.sys.SyscallException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration half of a queue's socket: opens it, binds the queue, changes its length, unbinds. */
final class QueueBinding {
    private static final int REPLY_TIMEOUT_MS = 5000;
    private static final String UNSEEN_OWNER =
            "another process (or CAP_NET_ADMIN does not hold for this network namespace,"
                    + " as in a user namespace without a network of its own)";
    private static final int REPLY_ROOM = 70_000; // a packet may come before the reply

    private final NativeSocket socket;
    private final int number;
    private final Set<QueueFlag> flags = EnumSet.noneOf(QueueFlag.class);
    private final Queue<ByteBuf> early = new ArrayDeque<>();

    private QueueBinding(NativeSocket socket, int number) {
        this.socket = socket;
        this.number = number;
    }

    /** Opens the netlink socket, with its buffer as large as we may and errors kept short. */
    static NativeSocket open(QueueSettings settings) throws QueueBindException {
        NativeSocket socket;
        try {
            socket = NativeSocket.open(NativeSocket.AF_NETLINK, NativeSocket.SOCK_RAW, Nfnl.NETLINK_NETFILTER);
        } catch (SyscallException e) {
            throw unsupported(settings.number(), "socket: " + Errno.name(e.errno()));
        }
        ByteBuf kernel =
                Unpooled.directBuffer(12).writeShortLE(NativeSocket.AF_NETLINK).writeZero(10);
        try {
            // Without it one overrun blocks the socket until it is drained to empty.
            socket.option(Nfnl.SOL_NETLINK, Nfnl.NETLINK_NO_ENOBUFS, 1);
            socket.tryOption(Nfnl.SOL_NETLINK, Nfnl.NETLINK_CAP_ACK, 1); // since 4.3; older kernels echo more
            int bytes = (int) Math.min(settings.receiveBufferBytes(), Integer.MAX_VALUE / 2);
            if (socket.tryOption(NativeSocket.SOL_SOCKET, NativeSocket.SO_RCVBUFFORCE, bytes) != 0) {
                socket.option(NativeSocket.SOL_SOCKET, NativeSocket.SO_RCVBUF, bytes);
            }
            socket.bind(kernel);
            socket.connect(kernel);
            return socket;
        } catch (SyscallException e) {
            socket.close();
            throw e;
        } finally {
            kernel.release();
        }
    }

    /** Binds the queue in one message, so that no packet meets a half-configured queue. */
    static QueueBinding bind(NativeSocket socket, QueueSettings settings) throws QueueBindException {
        QueueBinding binding = new QueueBinding(socket, settings.number());
        socket.receiveTimeout(REPLY_TIMEOUT_MS);
        binding.flags.addAll(settings.flags());
        int errno = binding.request(settings);
        if (isUnsupported(errno)) { // a flag is too new: do without those that are
            binding.flags.removeIf(flag -> isUnsupported(binding.probe(flag)));
            errno = binding.request(settings);
        }
        if (errno != 0) {
            throw refusal(settings.number(), errno);
        }
        return binding;
    }

    private static boolean isUnsupported(int errno) {
        return errno == Errno.EOPNOTSUPP || errno == Errno.EINVAL;
    }

    private int request(QueueSettings settings) {
        ByteBuf out = Unpooled.directBuffer(128);
        try {
            encodeBind(new NetlinkWriter(out), settings, flags);
            return exchange(out);
        } finally {
            out.release();
        }
    }

    /** The "all in one" message: command, parameters, length, flags with their mask. */
    static void encodeBind(NetlinkWriter writer, QueueSettings settings, Set<QueueFlag> flags) {
        int message = begin(writer, settings.number(), NetlinkMessage.REQUEST | NetlinkMessage.ACKNOWLEDGE);
        command(writer, Nfnl.CMD_BIND);
        int parameters = writer.beginAttribute(Nfnl.CFG_PARAMS);
        writer.bigEndianInt(settings.copyRange()).unsignedByte(Nfnl.COPY_PACKET);
        writer.endAttribute(parameters);
        number(writer, Nfnl.CFG_QUEUE_MAXLEN, settings.maxLength());
        if (!flags.isEmpty()) {
            number(writer, Nfnl.CFG_FLAGS, QueueFlag.bits(flags));
            number(writer, Nfnl.CFG_MASK, QueueFlag.bits(EnumSet.allOf(QueueFlag.class)));
        }
        writer.endMessage(message);
    }

    /**
     * What the kernel says of a flag while nobody has bound the queue: flags are checked before the queue is looked
     * for.
     */
    private int probe(QueueFlag flag) {
        ByteBuf out = Unpooled.directBuffer(64);
        try {
            NetlinkWriter writer = new NetlinkWriter(out);
            int message = begin(writer, number, NetlinkMessage.REQUEST | NetlinkMessage.ACKNOWLEDGE);
            number(writer, Nfnl.CFG_FLAGS, QueueFlag.bits(Set.of(flag)));
            number(writer, Nfnl.CFG_MASK, QueueFlag.bits(Set.of(flag)));
            writer.endMessage(message);
            return exchange(out);
        } finally {
            out.release();
        }
    }

    private static int begin(NetlinkWriter writer, int queueNumber, int flags) {
        int message = writer.beginMessage(Nfnl.MSG_CONFIG, flags);
        writer.sequence(message, 1).queueHeader(queueNumber);
        return message;
    }

    private static void command(NetlinkWriter writer, int command) {
        int attribute = writer.beginAttribute(Nfnl.CFG_CMD);
        writer.unsignedByte(command).unsignedByte(0).bigEndianShort(0);
        writer.endAttribute(attribute);
    }

    private static void number(NetlinkWriter writer, int type, int value) {
        int attribute = writer.beginAttribute(type);
        writer.bigEndianInt(value);
        writer.endAttribute(attribute);
    }

    /** Sends one request and waits for the kernel's reply to it: 0 or an errno. */
    private int exchange(ByteBuf request) {
        int errno = socket.send(request.memoryAddress(), request.writerIndex());
        if (errno != 0) {
            return errno;
        }
        ByteBuf reply = Unpooled.directBuffer(REPLY_ROOM);
        try {
            NetlinkMessage message = new NetlinkMessage();
            int length = socket.receive(reply.memoryAddress(), REPLY_ROOM);
            while (length > 0 && message.wrap(reply, 0, length) && !message.hasError()) {
                early.add(reply.copy(0, length)); // a packet has overtaken the reply: the reader gets it first
                length = socket.receive(reply.memoryAddress(), REPLY_ROOM);
            }
            if (length <= 0 || !message.hasError()) {
                throw new IllegalStateException("the kernel did not answer the configuration of queue " + number);
            }
            return message.errno();
        } finally {
            reply.release();
        }
    }

    /** A message that came before the queue's reader was there; the caller releases it. Null if there is none left. */
    @Nullable
    ByteBuf pollEarly() {
        return early.poll();
    }

    /** Gives back the memory of what was not polled. */
    void releaseEarly() {
        early.forEach(ByteBuf::release);
        early.clear();
    }

    /** Changes the queue's length; a refusal comes to the reader and is counted there. */
    void maxLength(int packets) {
        ByteBuf out = Unpooled.directBuffer(64);
        NetlinkWriter writer = new NetlinkWriter(out);
        int message = begin(writer, number, NetlinkMessage.REQUEST);
        number(writer, Nfnl.CFG_QUEUE_MAXLEN, packets);
        int errno = sendOnly(writer, message, out);
        if (errno != 0) {
            throw new SyscallException("configure queue " + number, errno);
        }
    }

    /** Gives the queue back; the kernel drops what still waits in it. Closing the socket does it too, but later. */
    void unbind() {
        ByteBuf out = Unpooled.directBuffer(64);
        NetlinkWriter writer = new NetlinkWriter(out);
        int message = begin(writer, number, NetlinkMessage.REQUEST);
        command(writer, Nfnl.CMD_UNBIND);
        int unused = sendOnly(writer, message, out);
    }

    private int sendOnly(NetlinkWriter writer, int message, ByteBuf out) {
        try {
            writer.endMessage(message);
            return socket.send(out.memoryAddress(), out.writerIndex());
        } finally {
            out.release();
        }
    }

    Set<QueueFlag> flags() {
        return Set.copyOf(flags);
    }

    private static QueueBindException refusal(int number, int errno) {
        KernelQueue held = KernelQueue.read(number);
        if (held != null || errno == Errno.EBUSY || (errno == Errno.EPERM && Capability.NET_ADMIN.isEffective())) {
            return new QueueBindException(
                    QueueBindException.Cause.HELD,
                    "queue " + number + " is held by " + (held == null ? UNSEEN_OWNER : owner(held.portId()))
                            + "; stop that program, or configure another queue number");
        }
        if (errno == Errno.EPERM) {
            return new QueueBindException(
                    QueueBindException.Cause.NO_PRIVILEGE,
                    "no privilege to bind queue " + number + ": CAP_NET_ADMIN is missing; run as root or with that"
                            + " capability");
        }
        return unsupported(number, Errno.name(errno));
    }

    /** The first netlink socket of a process has the process' id as its port id; others have a random one. */
    private static String owner(long portId) {
        String owner = "netlink port id " + portId;
        try {
            Path process = Path.of("/proc", Long.toString(portId));
            return owner + " (pid " + portId + ", "
                    + Files.readString(process.resolve("comm")).trim() + ")";
        } catch (IOException e) {
            return owner; // no such process, or it is hidden from us
        }
    }

    private static QueueBindException unsupported(int number, String detail) {
        return new QueueBindException(
                QueueBindException.Cause.UNSUPPORTED,
                "this kernel has no NFQUEUE (queue " + number + ": " + detail
                        + "); load the module nfnetlink_queue, or use a kernel that has it");
    }
}

package dev.gavel.nfqueue;

import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.netlink.NetlinkWriter;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import dev.gavel.sys.Errno;
import dev.gavel.sys.NativeSocket;
import dev.gavel.sys.SyscallException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Packs verdict messages for one queue and sends them in one datagram: the kernel handles them one by one, in order,
 * and an error of one does not stop the rest. The packet id is each message's sequence number, so that the kernel's
 * reply names the packet. Used by one thread at a time.
 */
final class VerdictBatch implements VerdictSink {
    /** A verdict with a mark is 40 bytes. Sends beyond 3,776 bytes would leave the kernel's fast path (before 6.9: vmalloc). */
    private static final int CAPACITY_BYTES = CAPACITY * 40;

    private static final int SEND_TRIES = 100;

    private final NativeSocket socket;
    private final int queueNumber;
    private final ByteBuf out = Unpooled.directBuffer(CAPACITY_BYTES, CAPACITY_BYTES);
    private final NetlinkWriter writer = new NetlinkWriter(out);
    private int size;

    VerdictBatch(NativeSocket socket, int queueNumber) {
        this.socket = socket;
        this.queueNumber = queueNumber;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void add(int packetId, Verdict verdict) {
        encode(writer, queueNumber, packetId, verdict);
        size++;
    }

    @Override
    public void add(int packetId, Verdict verdict, int mark) {
        encode(writer, queueNumber, packetId, verdict, mark);
        size++;
    }

    static void encode(NetlinkWriter writer, int queueNumber, int packetId, Verdict verdict) {
        writer.endMessage(begin(writer, queueNumber, packetId, verdict));
    }

    static void encode(NetlinkWriter writer, int queueNumber, int packetId, Verdict verdict, int mark) {
        int message = begin(writer, queueNumber, packetId, verdict);
        int attribute = writer.beginAttribute(Nfnl.A_MARK);
        writer.bigEndianInt(mark);
        writer.endAttribute(attribute);
        writer.endMessage(message);
    }

    private static int begin(NetlinkWriter writer, int queueNumber, int packetId, Verdict verdict) {
        int message = writer.beginMessage(Nfnl.MSG_VERDICT, NetlinkMessage.REQUEST);
        writer.sequence(message, packetId).queueHeader(queueNumber);
        int header = writer.beginAttribute(Nfnl.A_VERDICT_HDR);
        writer.bigEndianInt(verdict.code()).bigEndianInt(packetId);
        writer.endAttribute(header);
        return message;
    }

    @Override
    public void flush() {
        if (size == 0) {
            return;
        }
        int errno = Errno.ENOBUFS;
        for (int i = 0; i < SEND_TRIES && isTransient(errno); i++) {
            errno = socket.send(out.memoryAddress(), out.writerIndex());
        }
        if (errno != 0) {
            throw new SyscallException("send verdicts of queue " + queueNumber, errno);
        }
        out.clear();
        size = 0;
    }

    /** Gives the memory back: nothing is added or sent any more. */
    void release() {
        out.release();
    }

    /** The kernel had no memory for the message: it has seen nothing of it, and memory may come back. */
    private static boolean isTransient(int errno) {
        return errno == Errno.ENOBUFS || errno == Errno.EAGAIN;
    }
}

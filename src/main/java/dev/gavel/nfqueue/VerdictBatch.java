package dev.gavel.nfqueue;

import dev.gavel.netlink.NetlinkMessage;
import dev.gavel.netlink.NetlinkWriter;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import dev.gavel.sys.Errno;
import dev.gavel.sys.NativeSocket;
import dev.gavel.sys.SyscallException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;

/**
 * Packs verdict messages for one queue and sends them in one datagram: the kernel handles them one by one, in order,
 * and an error of one does not stop the rest. The packet id is each message's sequence number, so that the kernel's
 * reply names the packet. Used by one thread at a time.
 *
 * <p>Where all packets of the queue are answered here, in their order, equal verdicts in a row that leave the mark
 * alone are one NFQNL_MSG_VERDICT_BATCH up to the last id of the row: all earlier ids are answered already, and one
 * message costs the kernel less than many.
 */
final class VerdictBatch implements VerdictSink {
    /**
     * A verdict with a mark is 40 bytes. Sends beyond 3,776 bytes would leave the kernel's fast path (before 6.9:
     * vmalloc).
     */
    private static final int CAPACITY_BYTES = CAPACITY * 40;

    private static final int SEND_TRIES = 100;
    private static final int NONE = -1;
    private static final int ROW_ID = 28; // after nlmsghdr, nfgenmsg, the attribute's header, and the verdict

    private final NativeSocket socket;
    private final int queueNumber;
    private final BooleanSupplier answersAll;
    private final ByteBuf out = Unpooled.directBuffer(CAPACITY_BYTES, CAPACITY_BYTES);
    private final NetlinkWriter writer = new NetlinkWriter(out);
    private int size;
    private int row = NONE; // where the message of the last row begins
    private int rowCode;

    /** {@code answersAll}: whether no packet of the queue is answered elsewhere, or out of order, or never. */
    VerdictBatch(NativeSocket socket, int queueNumber, BooleanSupplier answersAll) {
        this.socket = socket;
        this.queueNumber = queueNumber;
        this.answersAll = answersAll;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void add(int packetId, Verdict verdict) {
        size++;
        boolean inRows = answersAll.getAsBoolean();
        if (inRows && row != NONE && verdict.code() == rowCode) {
            out.setInt(row + ROW_ID, packetId);
            writer.sequence(row, packetId);
            return;
        }
        int type = inRows ? Nfnl.MSG_VERDICT_BATCH : Nfnl.MSG_VERDICT;
        int message = begin(type, packetId, verdict);
        writer.endMessage(message);
        row = inRows ? message : NONE;
        rowCode = verdict.code();
    }

    @Override
    public void add(int packetId, Verdict verdict, int mark) {
        size++;
        row = NONE;
        int message = begin(Nfnl.MSG_VERDICT, packetId, verdict);
        int attribute = writer.beginAttribute(Nfnl.A_MARK);
        writer.bigEndianInt(mark);
        writer.endAttribute(attribute);
        writer.endMessage(message);
    }

    private int begin(int type, int packetId, Verdict verdict) {
        int message = writer.beginMessage(type, NetlinkMessage.REQUEST);
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
        clear();
    }

    @Override
    public void clear() {
        out.clear();
        size = 0;
        row = NONE;
    }

    /** What would be sent, in hexadecimal. */
    String bytes() {
        return ByteBufUtil.hexDump(out);
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

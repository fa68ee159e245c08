package dev.gavel.reject;

import dev.gavel.packet.Answerable;
import dev.gavel.packet.ChecksumState;
import dev.gavel.packet.Decoding;
import dev.gavel.packet.ForgedAnswer;
import dev.gavel.packet.PacketView;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.sys.RawSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Sends the answers. Any thread may reject: a lock orders them, held for two sends at most, and a rate bounds how often
 * it is taken.
 */
public final class RawRejector implements Rejector, AutoCloseable {
    private final RawSender sender;
    private final ByteBuf out = Unpooled.directBuffer(ForgedAnswer.MAX_LENGTH);
    private final double tokensPerNs;
    private final double capacity;
    private double tokens;
    private long filledNs = System.nanoTime();

    private long sent;
    private long suppressed;
    private long failed;

    /**
     * A rejector whose answers carry {@code mark}.
     *
     * @param count answers that may be sent in {@code perNs} nanoseconds; up to one second's worth at once
     */
    public RawRejector(int mark, long count, long perNs) {
        sender = new RawSender(mark);
        tokensPerNs = (double) count / perNs;
        capacity = Math.max(1, tokensPerNs * 1e9);
        tokens = capacity;
    }

    @Override
    public synchronized void reject(QueuedPacket packet) {
        if (!fill()) { // before any work: a flood of rejects must not cost more than its drops
            suppressed++;
            return;
        }
        if (packet.decoding() != Decoding.OK) {
            return;
        }
        PacketView view = packet.view();
        boolean offloaded = packet.isGso() || packet.isChecksumNotReady();
        Answerable answers = Answerable.to(view, offloaded ? ChecksumState.NOT_READY : ChecksumState.COMPLETE);
        if (answers.toReceiver()) {
            send(ForgedAnswer.writeResetToReceiver(out, view), packet.outDevice());
        }
        if (answers.toSender()) {
            int length = view.isTcp()
                    ? ForgedAnswer.writeResetToSender(out, view)
                    : ForgedAnswer.writeUnreachable(out, view);
            send(length, packet.inDevice());
        }
    }

    private void send(int length, int device) {
        tokens--; // a packet is answered to both ends or to none: this may fall below 0
        if (sender.send(out, length, device) == 0) {
            sent++;
        } else {
            failed++;
        }
    }

    /** Tokens for the time that has passed; whether there is one. */
    private boolean fill() {
        long now = System.nanoTime();
        tokens = Math.min(capacity, tokens + (now - filledNs) * tokensPerNs);
        filledNs = now;
        return tokens >= 1;
    }

    /** Answers that the kernel has taken. */
    public synchronized long sent() {
        return sent;
    }

    /** Packets beyond the rate, whose ends were told nothing. */
    public synchronized long suppressed() {
        return suppressed;
    }

    /** Answers that the kernel has refused: no route, a firewall's drop. */
    public synchronized long failed() {
        return failed;
    }

    @Override
    public synchronized void close() {
        sender.close();
        out.release();
    }
}

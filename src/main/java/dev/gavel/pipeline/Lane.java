package dev.gavel.pipeline;

import dev.gavel.queue.QueuedPacket;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring of packets from one reader to the one thread that judges them, and back: an entry is published by the
 * reader, judged, answered, and released once its verdict is sent; then the reader takes the slot again. What stands
 * between released and published is held by the judging thread.
 *
 * <p>Cursors only grow. {@code published} is the reader's, {@code judged} and {@code released} are the judge's; each is
 * read by the other side. {@code answered} belongs to the holder of the {@link #lease}: the judge, or its
 * {@link StandIn} while the judge is overdue. The judge releases nothing that is not answered, so the holder of the
 * lease may read the packets that are not.
 */
final class Lane {
    private final QueuedPacket[] ring;
    private final int mask;

    private final AtomicLong published = new AtomicLong();
    private final AtomicLong offered = new AtomicLong(); // reader: published or about to be
    private final AtomicLong reclaimed = new AtomicLong(); // reader: slots taken back
    private final AtomicLong judged = new AtomicLong(); // judge
    private final AtomicLong released = new AtomicLong();
    private final AtomicLong answered = new AtomicLong(); // holder of the lease
    private final Lease lease = new Lease();
    private volatile boolean overruled;

    /** A lane for {@code capacity} packets, a power of two. */
    Lane(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " (expected: a power of two)");
        }
        ring = new QueuedPacket[capacity];
        mask = capacity - 1;
    }

    /**
     * Puts {@code packet} into the lane, not yet to be seen by the judge; false if no place is reclaimed. Reader only.
     */
    boolean offer(QueuedPacket packet) {
        long next = offered.getPlain();
        if (next - reclaimed.getPlain() > mask) {
            return false;
        }
        ring[(int) next & mask] = packet;
        offered.setPlain(next + 1);
        return true;
    }

    /** Shows the judge what was offered; true if there was anything new. Reader only. */
    boolean publish() {
        long all = offered.getPlain();
        if (published.getPlain() == all) {
            return false;
        }
        published.setRelease(all);
        return true;
    }

    /** Takes back a slot whose verdict was sent, null if there is none. Reader only. */
    @Nullable
    QueuedPacket reclaim() {
        long next = reclaimed.getPlain();
        if (next == released.getAcquire()) {
            return null;
        }
        reclaimed.setPlain(next + 1);
        return ring[(int) next & mask];
    }

    /** The oldest packet that has no verdict yet, null if there is none. Judge only. */
    @Nullable
    QueuedPacket next() {
        long next = judged.getPlain();
        return next == published.getAcquire() ? null : ring[(int) next & mask];
    }

    /** The packet of {@link #next} has its verdict, which is not sent yet. Judge only. */
    void advance() {
        judged.setPlain(judged.getPlain() + 1);
    }

    /** Packets judged but not released; {@link #judgedAt} gives them, oldest first. Judge only. */
    int unsent() {
        return (int) (judged.getPlain() - released.getPlain());
    }

    /** Packet {@code index} of those judged but not released. Judge only. */
    QueuedPacket judgedAt(int index) {
        return ring[(int) (released.getPlain() + index) & mask];
    }

    /** The right to send verdicts for packets of this lane. */
    Lease lease() {
        return lease;
    }

    /** Whether the stand-in answers what is in this lane: the judge was overdue and has not come back. */
    boolean isOverruled() {
        return overruled;
    }

    /**
     * The judge goes on: packets that were answered for it are never judged. Judge only, with the lease.
     *
     * @return how many of those judged and not released were answered for it, the oldest
     */
    int comeBack() {
        long answeredForIt = answered.getPlain();
        int late = (int) (Math.min(answeredForIt, judged.getPlain()) - released.getPlain());
        judged.setPlain(Math.max(judged.getPlain(), answeredForIt));
        overruled = false;
        return late;
    }

    /** All that is judged is answered. Judge only, with the lease. */
    void answerJudged() {
        answered.setOpaque(judged.getPlain());
    }

    /** From now on, until the judge comes back, the stand-in answers in its place. With the lease. */
    void overrule() {
        overruled = true;
    }

    /** Packets without an answer. With the lease; a recent value without it. */
    int unanswered() {
        long before = answered.getOpaque();
        return (int) (published.getAcquire() - before);
    }

    /** Packet {@code index} of those without an answer, the oldest first. With the lease. */
    QueuedPacket unanswered(int index) {
        return ring[(int) (answered.getPlain() + index) & mask];
    }

    /** The {@code count} oldest packets without an answer have one. With the lease. */
    void answer(int count) {
        answered.setOpaque(answered.getPlain() + count);
    }

    /** The verdicts of all judged packets are sent: their slots may be reused. Judge only. */
    void release() {
        released.setRelease(judged.getPlain());
    }

    /** Packets held: published and not released. Any thread; a recent value. */
    int held() {
        long before = released.getAcquire();
        return (int) (published.getAcquire() - before);
    }

    /** Age of the oldest packet held, in nanoseconds, 0 if there is none. Any thread; a recent value. */
    long oldestAgeNs(long nowNs) {
        long first = released.getAcquire();
        if (first == published.getAcquire()) {
            return 0;
        }
        long receivedNs = ring[(int) first & mask].receivedNs();
        // If it was released meanwhile the slot may hold another packet: then nothing is as old as it seems.
        return first == released.getAcquire() ? nowNs - receivedNs : 0;
    }
}

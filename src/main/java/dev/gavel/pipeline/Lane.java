package dev.gavel.pipeline;

import dev.gavel.queue.QueuedPacket;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring of packets between one reader and the one thread that judges them. The reader publishes an entry; the
 * judge judges it, sends its verdict and releases it; then the reader takes the slot back. Entries that are published
 * but not released are held by the judging thread.
 *
 * <p>Cursors only grow. The reader writes {@code published}, the judge writes {@code judged} and {@code released}, and
 * each side reads the cursors of the other. {@code answered} is written only by the holder of the {@link #lease}: the
 * judge, or its {@link StandIn} while the judge is overdue. The judge never releases an unanswered packet, so the
 * holder of the lease may safely read all unanswered packets.
 */
final class Lane {
    private final QueuedPacket[] ring;
    private final int mask;

    private final AtomicLong published = new AtomicLong();
    // written by the reader: packets put in, whether published yet or not
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong reclaimed = new AtomicLong(); // written by the reader: slots taken back
    private final AtomicLong judged = new AtomicLong(); // judge
    private final AtomicLong released = new AtomicLong();
    private final AtomicLong answered = new AtomicLong(); // written by the holder of the lease
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
     * Puts {@code packet} into the lane, invisible to the judge until {@link #publish}; false if the lane is full.
     * Reader only.
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

    /** Makes all offered packets visible to the judge; true if there were new ones. Reader only. */
    boolean publish() {
        long all = offered.getPlain();
        if (published.getPlain() == all) {
            return false;
        }
        published.setRelease(all);
        return true;
    }

    /** Takes back the slot of a released packet; null if there is none. Reader only. */
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

    /** Marks the packet of {@link #next} as judged; its verdict is not sent yet. Judge only. */
    void advance() {
        judged.setPlain(judged.getPlain() + 1);
    }

    /** Number of packets judged but not released, see {@link #judgedAt}. Judge only. */
    int unsent() {
        return (int) (judged.getPlain() - released.getPlain());
    }

    /** A packet that is judged but not released; {@code index} 0 is the oldest. Judge only. */
    QueuedPacket judgedAt(int index) {
        return ring[(int) (released.getPlain() + index) & mask];
    }

    /** The right to send verdicts for packets of this lane. */
    Lease lease() {
        return lease;
    }

    /** Whether the stand-in answers the packets of this lane: the judge was overdue and has not come back yet. */
    boolean isOverruled() {
        return overruled;
    }

    /**
     * Ends the overrule, and skips the packets that the stand-in has answered, which are never judged. Called by the
     * judge, which holds the lease.
     *
     * @return how many of the judged but unreleased packets the stand-in has answered; these are the oldest ones
     */
    int comeBack() {
        long answeredForIt = answered.getPlain();
        int late = (int) (Math.min(answeredForIt, judged.getPlain()) - released.getPlain());
        judged.setPlain(Math.max(judged.getPlain(), answeredForIt));
        overruled = false;
        return late;
    }

    /** Marks all judged packets as answered. Called by the judge, which holds the lease. */
    void answerJudged() {
        answered.setOpaque(judged.getPlain());
    }

    /** Lets the stand-in answer the packets of this lane until the judge comes back. The caller holds the lease. */
    void overrule() {
        overruled = true;
    }

    /** Number of published packets without an answer. Exact for the holder of the lease, approximate for others. */
    int unanswered() {
        long before = answered.getOpaque();
        return (int) (published.getAcquire() - before);
    }

    /** A packet without an answer; {@code index} 0 is the oldest. The caller holds the lease. */
    QueuedPacket unanswered(int index) {
        return ring[(int) (answered.getPlain() + index) & mask];
    }

    /** Marks the {@code count} oldest unanswered packets as answered. The caller holds the lease. */
    void answer(int count) {
        answered.setOpaque(answered.getPlain() + count);
    }

    /** Releases all judged packets, whose verdicts are sent, so that the reader may reuse their slots. Judge only. */
    void release() {
        released.setRelease(judged.getPlain());
    }

    /** Number of packets published and not released. Any thread; the value may be slightly old. */
    int held() {
        long before = released.getAcquire();
        return (int) (published.getAcquire() - before);
    }

    /** Age of the oldest packet held, in nanoseconds; 0 if there is none. Any thread; the value may be slightly old. */
    long oldestAgeNs(long nowNs) {
        long first = released.getAcquire();
        if (first == published.getAcquire()) {
            return 0;
        }
        long receivedNs = ring[(int) first & mask].receivedNs();
        // If the packet was released meanwhile, its slot may hold a newer one, so the time read is of no use.
        return first == released.getAcquire() ? nowNs - receivedNs : 0;
    }
}

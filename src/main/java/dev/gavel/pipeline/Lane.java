package dev.gavel.pipeline;

import dev.gavel.queue.QueuedPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring of packets from one reader to the one thread that judges them, and back: an entry is published by the
 * reader, judged, answered, and released once its verdict is sent; then the reader takes the slot again. What stands
 * between released and published is what the judging thread holds.
 *
 * <p>Cursors only grow. {@code published} is the reader's, {@code judged} and {@code released} are the judge's; each is
 * read by the other side. {@code answered} belongs to whoever holds the {@link #lease}: the judge, or who overrules it
 * because it is overdue. The judge releases nothing that is not answered, so that whoever holds the lease may read the
 * packets that are not.
 */
final class Lane {
    private static final VarHandle PUBLISHED;
    private static final VarHandle RELEASED;
    private static final VarHandle ANSWERED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(Lane.class, "published", long.class);
            RELEASED = lookup.findVarHandle(Lane.class, "released", long.class);
            ANSWERED = lookup.findVarHandle(Lane.class, "answered", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueuedPacket[] ring;
    private final int mask;

    @SuppressWarnings("unused") // through PUBLISHED
    private long published;

    @SuppressWarnings("unused") // through RELEASED
    private long released;

    private long offered; // reader: published or about to be
    private long reclaimed; // reader: slots taken back
    private long judged; // judge
    private final Lease lease = new Lease();

    @SuppressWarnings("unused") // through ANSWERED
    private long answered; // holder of the lease

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
        if (offered - reclaimed > mask) {
            return false;
        }
        ring[(int) offered++ & mask] = packet;
        return true;
    }

    /** Shows the judge what was offered; true if there was anything new. Reader only. */
    boolean publish() {
        if ((long) PUBLISHED.get(this) == offered) {
            return false;
        }
        PUBLISHED.setRelease(this, offered);
        return true;
    }

    /** Takes back a slot whose verdict was sent, null if there is none. Reader only. */
    @Nullable
    QueuedPacket reclaim() {
        if (reclaimed == (long) RELEASED.getAcquire(this)) {
            return null;
        }
        return ring[(int) reclaimed++ & mask];
    }

    /** The oldest packet that has no verdict yet, null if there is none. Judge only. */
    @Nullable
    QueuedPacket next() {
        return judged == (long) PUBLISHED.getAcquire(this) ? null : ring[(int) judged & mask];
    }

    /** The packet of {@link #next} has its verdict, which is not sent yet. Judge only. */
    void advance() {
        judged++;
    }

    /** Packets judged but not released; {@link #judgedAt} gives them, oldest first. Judge only. */
    int unsent() {
        return (int) (judged - (long) RELEASED.get(this));
    }

    /** Packet {@code index} of those judged but not released. Judge only. */
    QueuedPacket judgedAt(int index) {
        return ring[(int) ((long) RELEASED.get(this) + index) & mask];
    }

    /** The right to send verdicts for packets of this lane. */
    Lease lease() {
        return lease;
    }

    /** Whether somebody else answers what is in this lane, because the judge is overdue and has not come back. */
    boolean isOverruled() {
        return overruled;
    }

    /**
     * The judge goes on: packets that were answered for it are never judged. Judge only, with the lease.
     *
     * @return how many of those judged and not released were answered for it, the oldest
     */
    int comeBack() {
        long released = (long) RELEASED.get(this);
        long answered = (long) ANSWERED.get(this);
        int late = (int) (Math.min(answered, judged) - released);
        judged = Math.max(judged, answered);
        overruled = false;
        return late;
    }

    /** All that is judged is answered. Judge only, with the lease. */
    void answerJudged() {
        ANSWERED.setOpaque(this, judged);
    }

    /** From now on, and until it comes back, the judge is answered for. With the lease. */
    void overrule() {
        overruled = true;
    }

    /** Packets without an answer. With the lease; a recent value without it. */
    int unanswered() {
        long before = (long) ANSWERED.getOpaque(this);
        return (int) ((long) PUBLISHED.getAcquire(this) - before);
    }

    /** Packet {@code index} of those without an answer, the oldest first. With the lease. */
    QueuedPacket unanswered(int index) {
        return ring[(int) ((long) ANSWERED.get(this) + index) & mask];
    }

    /** The {@code count} oldest packets without an answer have one. With the lease. */
    void answer(int count) {
        ANSWERED.setOpaque(this, (long) ANSWERED.get(this) + count);
    }

    /** The verdicts of all judged packets are sent: their slots may be reused. Judge only. */
    void release() {
        RELEASED.setRelease(this, judged);
    }

    /** Packets held: published and not released. Any thread; a recent value. */
    int held() {
        long before = (long) RELEASED.getAcquire(this);
        return (int) ((long) PUBLISHED.getAcquire(this) - before);
    }

    /** Age of the oldest packet held, in nanoseconds, 0 if there is none. Any thread; a recent value. */
    long oldestAgeNs(long nowNs) {
        long first = (long) RELEASED.getAcquire(this);
        if (first == (long) PUBLISHED.getAcquire(this)) {
            return 0;
        }
        long receivedNs = ring[(int) first & mask].receivedNs();
        // If it was released meanwhile the slot may hold another packet: then nothing is as old as it seems.
        return first == (long) RELEASED.getAcquire(this) ? nowNs - receivedNs : 0;
    }
}

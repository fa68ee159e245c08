package dev.gavel.pipeline;

import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Receives the packets of one queue into free slots and puts them into lanes: each flow into the lane of one worker, or
 * all packets into a single lane whose judge runs on this thread. If that judge is overdue, the guardian takes the
 * lease and receives instead of this thread.
 */
final class Reader extends Agent {
    private static final long WAIT_NS = 20_000;

    /** Number of batches that the guardian receives for one reader before it turns to the next. */
    private static final int RELIEF = 16;

    private final PacketSource source;
    private final Lanes lanes;
    private final @Nullable DutyCycle inline; // run by this thread; null if workers judge
    private final Batch batch;
    private final Lease lease = new Lease(); // the right to use source, batch and the reader's side of the lanes

    Reader(String name, PipelineState state, PacketSource source, Lanes lanes, Batch batch) {
        super(name, state);
        this.source = source;
        this.lanes = lanes;
        this.batch = batch;
        inline = lanes.inline();
    }

    @Override
    void turn() {
        lease.take();
        try {
            layOut(); // places packets left by a thread that died or by the guardian
            lanes.reclaim(batch);
            boolean waitsForUs = inline != null && inline.isBusy();
            if (batch.hasFree()) {
                int offered = batch.offer();
                batch.receive(
                        waitsForUs ? source.poll(batch.packets(), offered) : source.receive(batch.packets(), offered));
                layOut();
            } else if (!waitsForUs) {
                LockSupport.parkNanos(this, WAIT_NS); // the kernel's queue is the buffer
            }
        } finally {
            lease.giveBack();
        }
        if (inline != null) {
            inline.judge();
        }
    }

    /**
     * Receives and answers waiting packets while this thread is stuck judging, until it comes back. Does nothing if
     * workers judge. Guardian only.
     *
     * @return whether there may be more packets
     */
    boolean relieve() {
        if (inline == null || !lanes.first().lane().isOverruled() || !lease.tryTake()) {
            return false;
        }
        try {
            boolean more = answerRest();
            for (int i = 0; i < RELIEF && more && batch.hasFree(); i++) {
                int offered = batch.offer();
                batch.receive(source.poll(batch.packets(), offered));
                more = batch.received() > 0 && answerRest();
            }
            return more;
        } finally {
            lease.giveBack();
        }
    }

    /** Puts the received packets into lanes, and publishes them. */
    private void layOut() {
        while (batch.hasNext()) {
            layOut(batch.next());
        }
        lanes.show();
    }

    /**
     * Puts {@code packet} into the lane of its flow. If that lane is full, waits for room. If its judge is overruled,
     * the stand-in answers the packet.
     */
    private void layOut(QueuedPacket packet) {
        Judge judge = lanes.judgeOf(packet);
        while (judge.lane().isOverruled() || !judge.lane().offer(packet)) {
            lanes.show();
            if (judge.standIn().answerAfterHeld(batch.packets(), batch.placed(), batch.placed() + 1)) {
                batch.giveBackNext();
                return;
            }
            // a full lane is no overload: the reader waits, and packets stay in the kernel's queue
            LockSupport.parkNanos(this, WAIT_NS);
            lanes.reclaim(batch);
        }
        batch.place();
    }

    /**
     * Answers the received packets that are in no lane. Returns false if the judge is back or about to be; it then
     * judges them itself.
     */
    private boolean answerRest() {
        lanes.show();
        StandIn standIn = lanes.first().standIn();
        if (batch.hasNext() && !standIn.answerAfterHeld(batch.packets(), batch.placed(), batch.received())) {
            return false;
        }
        while (batch.hasNext()) {
            batch.giveBackNext();
        }
        return true;
    }

    @Override
    boolean isBusy() {
        return batch.hasNext() || (inline != null && inline.isBusy());
    }

    @Override
    void recover() {
        if (inline != null) {
            inline.recover();
        }
    }

    /** Frees the memory of all slots. Call only when neither this thread nor any worker runs. */
    void release() {
        batch.release();
    }
}

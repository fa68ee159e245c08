package dev.gavel.pipeline;

import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Receives the packets of one queue into free slots and lays them into lanes: each flow into the lane of one worker, or
 * all into the one lane whose judge runs on this thread. While this thread judges, and is overdue with it, the guardian
 * receives in its place, with the lease.
 */
final class Reader extends Agent {
    private static final long WAIT_NS = 20_000;

    /** Batches that the guardian receives before it looks after others. */
    private static final int RELIEF = 16;

    private final PacketSource source;
    private final Lanes lanes;
    private final @Nullable DutyCycle inline; // of this thread; null if workers judge
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
            layOut(); // what a thread that died, or the guardian, has left
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
     * Receives what waits in place of this thread, which judges and is overdue: it is answered at once, until the
     * thread is back. Guardian only.
     *
     * @return whether there may be more
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

    /** Lays what is received into lanes, and shows it to those who judge. */
    private void layOut() {
        while (batch.hasNext()) {
            layOut(batch.next());
        }
        lanes.show();
    }

    /** Into the lane of its flow; if that is full, waits until it is not, or until its judge is overruled. */
    private void layOut(QueuedPacket packet) {
        Judge judge = lanes.judgeOf(packet);
        while (judge.lane().isOverruled() || !judge.lane().offer(packet)) {
            lanes.show();
            if (judge.standIn().answerAfterHeld(batch.packets(), batch.placed(), batch.placed() + 1)) {
                batch.giveBackNext();
                return;
            }
            LockSupport.parkNanos(this, WAIT_NS); // a full lane is no overload: this queue waits for it
            lanes.reclaim(batch);
        }
        batch.place();
    }

    /** Answers what is received and in no lane; false if the judge is back, or about to be: then it judges that too. */
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

    /** Gives the slots' memory back. Only when neither this thread nor a worker runs any more. */
    void release() {
        batch.release();
    }
}

package dev.gavel.pipeline;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.FlowHash;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Receives the packets of one queue into free slots and lays them into lanes: each flow into the lane of one worker, or
 * all into the one lane whose judge runs on this thread. Owns the slots. While this thread judges, and is overdue with
 * it, the guardian receives in its place, with the lease.
 */
final class Reader extends Agent {
    /** Room for the longest payload that netlink can carry, 65,531 bytes, and all attributes before it. */
    private static final int SLOT_BYTES = 66 * 1024;

    private static final int BATCH = 64;
    private static final long WAIT_NS = 20_000;

    /** Batches that the guardian receives before it looks after others. */
    private static final int RELIEF = 16;

    private final PacketSource source;
    private final Judge[] judges;
    private final List<Worker> workers;
    private final @Nullable DutyCycle inline;
    private final ByteBuf memory;
    private final QueuedPacket[] free;
    private int freeCount;
    private final QueuedPacket[] batch = new QueuedPacket[BATCH];
    private int offered; // slots in batch to receive to,
    private int received; // how many of them hold a packet,
    private int placed; // and of how many packets others know
    private final Lease lease = new Lease(); // for all of these

    /** A reader that hands over: judge i runs on worker i. */
    Reader(
            String name,
            Pipeline pipeline,
            PacketSource source,
            Judge[] judges,
            List<Worker> workers,
            FlowHash flowHash,
            int slots) {
        this(name, pipeline, source, judges, workers, null, flowHash, slots);
    }

    /** A reader that judges what it reads. */
    Reader(
            String name,
            Pipeline pipeline,
            PacketSource source,
            Judge judge,
            DutyCycle inline,
            FlowHash flowHash,
            int slots) {
        this(name, pipeline, source, new Judge[] {judge}, List.of(), inline, flowHash, slots);
    }

    private Reader(
            String name,
            Pipeline pipeline,
            PacketSource source,
            Judge[] judges,
            List<Worker> workers,
            @Nullable DutyCycle inline,
            FlowHash flowHash,
            int slots) {
        super(name, pipeline);
        this.source = source;
        this.judges = judges.clone();
        this.workers = List.copyOf(workers);
        this.inline = inline;
        memory = PooledByteBufAllocator.DEFAULT.directBuffer(slots * SLOT_BYTES);
        free = new QueuedPacket[slots];
        for (int i = 0; i < slots; i++) {
            free[freeCount++] = new QueuedPacket(memory, i * SLOT_BYTES, SLOT_BYTES, flowHash);
        }
    }

    @Override
    void turn() {
        lease.take();
        try {
            layOut(); // what a thread that died, or the guardian, has left
            reclaim();
            boolean waitsForUs = inline != null && inline.isBusy();
            if (freeCount > 0) {
                QueuedPacket[] slots = offerFree();
                received(waitsForUs ? source.poll(slots, offered) : source.receive(slots, offered));
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
     * Receives what waits in place of this thread, which judges and is overdue: it is answered at once, until the thread
     * is back. Guardian only.
     *
     * @return whether there may be more
     */
    boolean relieve() {
        if (inline == null || !judges[0].lane().isOverruled() || !lease.tryTake()) {
            return false;
        }
        try {
            boolean more = answerRest();
            for (int i = 0; i < RELIEF && more && freeCount > 0; i++) {
                QueuedPacket[] slots = offerFree();
                received(source.poll(slots, offered));
                more = received > 0 && answerRest();
            }
            return more;
        } finally {
            lease.giveBack();
        }
    }

    /** Free slots to receive to, those used last first, whose memory is in the caches. They count as free until then. */
    private QueuedPacket[] offerFree() {
        offered = Math.min(freeCount, BATCH);
        for (int i = 0; i < offered; i++) {
            batch[i] = free[freeCount - 1 - i];
        }
        return batch;
    }

    private void received(int count) {
        received = Math.max(0, count);
        placed = 0;
        for (int i = received; i < offered; i++) {
            free[freeCount - 1 - i] = batch[i];
        }
        freeCount -= received;
    }

    private void reclaim() {
        for (Judge judge : judges) {
            QueuedPacket slot = judge.lane().reclaim();
            while (slot != null) {
                free[freeCount++] = slot;
                slot = judge.lane().reclaim();
            }
        }
    }

    /** Lays what is received into lanes, and shows it to the workers. */
    private void layOut() {
        while (placed < received) {
            layOut(batch[placed]);
            placed++;
        }
        show();
    }

    /** Into the lane of its flow; if that is full, waits until it is not, or until its judge is overruled. */
    private void layOut(QueuedPacket packet) {
        Judge judge = judges.length == 1 ? judges[0] : judges[laneOf(packet)];
        while (judge.lane().isOverruled() || !judge.lane().offer(packet)) {
            show();
            if (judge.overruling().answerBehind(batch, placed, placed + 1)) {
                free[freeCount++] = packet;
                return;
            }
            LockSupport.parkNanos(this, WAIT_NS); // a full lane is no overload: this queue waits for it
            reclaim();
        }
    }

    /** False if the judge is back, or about to be: then what is received is its own again. */
    private boolean answerRest() {
        show();
        if (placed < received && !judges[0].overruling().answerBehind(batch, placed, received)) {
            return false;
        }
        while (placed < received) {
            free[freeCount++] = batch[placed++];
        }
        return true;
    }

    private int laneOf(QueuedPacket packet) {
        try {
            return packet.decoding() == Decoding.OK ? Integer.remainderUnsigned(packet.flowHash(), judges.length) : 0;
        } catch (RuntimeException e) {
            return 0; // the inspector meets it again, where it costs this packet only and is counted
        }
    }

    /** Publishes all lanes and wakes the workers that have something new. */
    private void show() {
        for (int i = 0; i < judges.length; i++) {
            if (judges[i].lane().publish() && inline == null) {
                VarHandle.fullFence(); // the other half stands in Worker.sleep
                workers.get(i).wake();
            }
        }
    }

    @Override
    boolean isBusy() {
        return placed < received || (inline != null && inline.isBusy());
    }

    @Override
    void recover() {
        if (inline != null) {
            inline.recover();
        }
    }

    /** The slots that hold no packet. This thread only. */
    List<QueuedPacket> free() {
        return List.of(free).subList(0, freeCount);
    }

    /** Gives the slots' memory back. Only when neither this thread nor a worker runs any more. */
    void release() {
        memory.release();
    }
}

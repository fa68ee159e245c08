package dev.gavel.pipeline;

import dev.gavel.packet.Decoding;
import dev.gavel.packet.FlowHash;
import dev.gavel.packet.PacketView;
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
 * all into the one lane whose judge runs on this thread. Owns the slots.
 */
final class Reader extends Agent {
    /** Room for the longest payload that netlink can carry, 65,531 bytes, and all attributes before it. */
    private static final int SLOT_BYTES = 66 * 1024;

    private static final int BATCH = 64;
    private static final long WAIT_NS = 20_000;

    private final PacketSource source;
    private final Lane[] lanes;
    private final List<Worker> workers;
    private final @Nullable Judging inline;
    private final FlowHash flowHash;
    private final PacketView view = new PacketView();
    private final ByteBuf memory;
    private final QueuedPacket[] free;
    private int freeCount;
    private final QueuedPacket[] batch = new QueuedPacket[BATCH];

    /** A reader that hands over: lane i is worker i's. */
    Reader(
            String name,
            Pipeline pipeline,
            PacketSource source,
            Lane[] lanes,
            List<Worker> workers,
            FlowHash flowHash,
            int slots) {
        this(name, pipeline, source, lanes, workers, null, flowHash, slots);
    }

    /** A reader that judges what it reads. */
    Reader(
            String name,
            Pipeline pipeline,
            PacketSource source,
            Lane lane,
            Judging inline,
            FlowHash flowHash,
            int slots) {
        this(name, pipeline, source, new Lane[] {lane}, List.of(), inline, flowHash, slots);
    }

    private Reader(
            String name,
            Pipeline pipeline,
            PacketSource source,
            Lane[] lanes,
            List<Worker> workers,
            @Nullable Judging inline,
            FlowHash flowHash,
            int slots) {
        super(name, pipeline);
        this.source = source;
        this.lanes = lanes.clone();
        this.workers = List.copyOf(workers);
        this.inline = inline;
        this.flowHash = flowHash;
        memory = PooledByteBufAllocator.DEFAULT.directBuffer(slots * SLOT_BYTES);
        free = new QueuedPacket[slots];
        for (int i = 0; i < slots; i++) {
            free[freeCount++] = new QueuedPacket(memory, i * SLOT_BYTES, SLOT_BYTES);
        }
    }

    @Override
    void turn() {
        reclaim();
        if (freeCount == 0) {
            LockSupport.parkNanos(this, WAIT_NS); // the kernel's queue is the buffer
            return;
        }
        int room = Math.min(freeCount, BATCH);
        freeCount -= room;
        System.arraycopy(free, freeCount, batch, 0, room);
        int received = Math.max(0, source.receive(batch, room));
        for (int i = received; i < room; i++) {
            free[freeCount++] = batch[i];
        }
        if (received > 0) {
            layOut(received);
        }
        if (inline != null) {
            inline.judge();
        }
    }

    private void reclaim() {
        for (Lane lane : lanes) {
            QueuedPacket slot = lane.reclaim();
            while (slot != null) {
                free[freeCount++] = slot;
                slot = lane.reclaim();
            }
        }
    }

    private void layOut(int count) {
        for (int i = 0; i < count; i++) {
            Lane lane = lanes.length == 1 ? lanes[0] : lanes[laneOf(batch[i])];
            while (!lane.offer(batch[i])) {
                show();
                LockSupport.parkNanos(this, WAIT_NS); // a full lane is no overload: this queue waits for it
                reclaim();
            }
        }
        show();
    }

    private int laneOf(QueuedPacket packet) {
        try {
            Decoding decoding =
                    view.decode(packet.buffer(), packet.offset(), packet.capturedLength(), packet.originalLength());
            return decoding == Decoding.OK ? Integer.remainderUnsigned(flowHash.hash(view), lanes.length) : 0;
        } catch (RuntimeException e) {
            return 0; // the inspector meets it again, where it costs this packet only and is counted
        }
    }

    /** Publishes all lanes and wakes the workers that have something new. */
    private void show() {
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i].publish() && inline == null) {
                VarHandle.fullFence(); // the other half stands in Worker.sleep
                workers.get(i).wake();
            }
        }
    }

    @Override
    boolean isBusy() {
        return inline != null && inline.isBusy();
    }

    @Override
    void recover() {
        if (inline != null) {
            inline.recover();
        }
    }

    /** Gives the slots' memory back. Only when neither this thread nor a worker runs any more. */
    void release() {
        memory.release();
    }
}

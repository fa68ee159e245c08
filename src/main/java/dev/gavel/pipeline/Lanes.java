package dev.gavel.pipeline;

import dev.gavel.packet.Decoding;
import dev.gavel.queue.QueuedPacket;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one reader: one lane for each worker, or a single lane whose judge runs on the reader's own thread. Used
 * only by the thread that holds the reader's lease.
 */
final class Lanes {
    private final Judge[] judges;
    private final List<Worker> workers;
    private final @Nullable DutyCycle inline;

    /** Creates one lane for each of {@code workers}; the judge with index i runs on the worker with index i. */
    Lanes(List<Judge> judges, List<Worker> workers) {
        this.judges = judges.toArray(Judge[]::new);
        this.workers = List.copyOf(workers);
        inline = null;
    }

    /** Creates a single lane for {@code judge}, which {@code inline} runs on the reader's thread. */
    Lanes(Judge judge, DutyCycle inline) {
        judges = new Judge[] {judge};
        workers = List.of();
        this.inline = inline;
    }

    /** The duty cycle that the reader's own thread runs; null if workers judge. */
    @Nullable
    DutyCycle inline() {
        return inline;
    }

    /** The first judge; the only one if the reader's thread judges. */
    Judge first() {
        return judges[0];
    }

    /** The judge of the flow that {@code packet} belongs to. Packets without a flow go to the first judge. */
    Judge judgeOf(QueuedPacket packet) {
        return judges.length == 1 ? judges[0] : judges[indexOf(packet)];
    }

    private int indexOf(QueuedPacket packet) {
        try {
            return packet.decoding() == Decoding.OK ? Integer.remainderUnsigned(packet.flowHash(), judges.length) : 0;
        } catch (RuntimeException e) {
            // decoding fails again in the inspector, where the failure affects only this packet and is counted
            return 0;
        }
    }

    /** Publishes the offered packets of all lanes, and wakes the workers that have new ones. */
    void show() {
        for (int i = 0; i < judges.length; i++) {
            if (judges[i].lane().publish() && inline == null) {
                VarHandle.fullFence(); // pairs with the fence in Worker.sleep
                workers.get(i).wake();
            }
        }
    }

    /** Gives all slots whose packets are released back to {@code batch}. */
    void reclaim(Batch batch) {
        for (Judge judge : judges) {
            QueuedPacket slot = judge.lane().reclaim();
            while (slot != null) {
                batch.giveBack(slot);
                slot = judge.lane().reclaim();
            }
        }
    }
}

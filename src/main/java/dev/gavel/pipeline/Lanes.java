package dev.gavel.pipeline;

import dev.gavel.packet.Decoding;
import dev.gavel.queue.QueuedPacket;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one reader's packets go: to one lane for each worker, or to a single lane whose judge runs on the reader's own
 * thread. Belongs to the thread that holds the reader's lease.
 */
final class Lanes {
    private final Judge[] judges;
    private final List<Worker> workers;
    private final @Nullable DutyCycle inline;

    /** Lanes to {@code workers}; judge i runs on worker i. */
    Lanes(List<Judge> judges, List<Worker> workers) {
        this.judges = judges.toArray(Judge[]::new);
        this.workers = List.copyOf(workers);
        inline = null;
    }

    /** The lane of {@code judge}, which {@code inline} runs on the reader's thread. */
    Lanes(Judge judge, DutyCycle inline) {
        judges = new Judge[] {judge};
        workers = List.of();
        this.inline = inline;
    }

    /** What the reader's own thread has to judge; null if workers judge. */
    @Nullable
    DutyCycle inline() {
        return inline;
    }

    /** The first judge: the only one where the reader's thread judges. */
    Judge first() {
        return judges[0];
    }

    /** The judge of all packets of {@code packet}'s flow; what has no flow goes to the first. */
    Judge judgeOf(QueuedPacket packet) {
        return judges.length == 1 ? judges[0] : judges[indexOf(packet)];
    }

    private int indexOf(QueuedPacket packet) {
        try {
            return packet.decoding() == Decoding.OK ? Integer.remainderUnsigned(packet.flowHash(), judges.length) : 0;
        } catch (RuntimeException e) {
            return 0; // the inspector meets it again, where it costs this packet only and is counted
        }
    }

    /** Publishes what all lanes were offered, and wakes the workers that have something new. */
    void show() {
        for (int i = 0; i < judges.length; i++) {
            if (judges[i].lane().publish() && inline == null) {
                VarHandle.fullFence(); // the other half is in Worker.sleep
                workers.get(i).wake();
            }
        }
    }

    /** Gives {@code batch} back all slots whose verdicts are sent. */
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

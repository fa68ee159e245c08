package dev.gavel.pipeline;

import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import dev.gavel.queue.VerdictSink;

/**
 * Takes packets of one queue out of its lane, has them inspected, and sends their verdicts in the same order: the one
 * place where verdicts are sent. Belongs to the thread that judges, a worker or the reader itself.
 */
final class Judge {
    /** Packets judged before their verdicts are sent; {@link #rejected} has a bit for each. */
    private static final int BATCH = VerdictSink.CAPACITY;

    private final Lane lane;
    private final VerdictSink sink;
    private final Rejector rejector;
    private final Verdict onFailure;
    private final VerdictListener listener;
    private final VerdictCounters counters = new VerdictCounters();
    private final Ruling ruling = new Ruling();
    private long rejected; // a bit for each packet judged and not yet sent, oldest lowest

    /** {@code onFailure} is what a packet gets that could not be judged. */
    Judge(Lane lane, VerdictSink sink, Rejector rejector, Verdict onFailure, VerdictListener listener) {
        this.lane = lane;
        this.sink = sink;
        this.rejector = rejector;
        this.onFailure = onFailure;
        this.listener = listener;
    }

    /** Judges up to a batch of what is in the lane; returns how many. */
    int judge(Inspector inspector) {
        int count = 0;
        QueuedPacket packet = lane.next();
        while (packet != null && count < BATCH) {
            judgeOne(inspector, packet);
            count++;
            packet = lane.next();
        }
        send();
        return count;
    }

    private void judgeOne(Inspector inspector, QueuedPacket packet) {
        try {
            inspector.inspect(packet, ruling);
        } catch (RuntimeException e) {
            counters.failures.increment();
            inspector.giveUp(packet, onFailure, Reason.ERROR, ruling);
            Failures.report(e);
        }
        answer(packet);
    }

    private void answer(QueuedPacket packet) {
        if (ruling.isMarked()) {
            sink.add(packet.packetId(), ruling.verdict(), ruling.mark());
        } else {
            sink.add(packet.packetId(), ruling.verdict());
        }
        counters.count(ruling.verdict(), ruling.reason());
        listener.judged(packet, ruling);
        if (ruling.verdict() == Verdict.REJECT) {
            rejected |= 1L << lane.unsent();
        }
        lane.advance();
        if (lane.unsent() == BATCH) {
            send();
        }
    }

    private void send() {
        int sent = sink.size();
        if (sent == 0) {
            return;
        }
        sink.flush();
        counters.batch.record(sent);
        long now = System.nanoTime();
        for (int i = lane.unsent() - 1; i >= 0; i--) {
            counters.latencyNs.record(now - lane.judgedAt(i).receivedNs());
        }
        try {
            answerEnds();
        } finally { // also after an Error: their verdicts are sent
            rejected = 0;
            lane.release();
        }
    }

    /** Only now: a reset must not overtake an earlier packet of its flow, such as the last one of the handshake. */
    private void answerEnds() {
        for (long left = rejected; left != 0; left &= left - 1) {
            rejector.reject(lane.judgedAt(Long.numberOfTrailingZeros(left)));
        }
    }

    /** Answers all that the lane holds without judging it: the thread that should have has died, or stops. */
    void answerHeld(Inspector inspector, Reason reason) {
        QueuedPacket packet = lane.next();
        while (packet != null) {
            inspector.giveUp(packet, onFailure, reason, ruling);
            counters.orphans.increment();
            answer(packet);
            packet = lane.next();
        }
        send();
    }

    Lane lane() {
        return lane;
    }

    VerdictCounters counters() {
        return counters;
    }
}

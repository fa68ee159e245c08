package dev.gavel.pipeline;

import dev.gavel.engine.LastResort;
import dev.gavel.engine.Ruling;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.VerdictSink;

/**
 * Answers the packets of a lane in place of its judge once the oldest of them is overdue: all that the lane holds, and
 * all that comes until the judge is back. Only verdicts are sent: the judge keeps the packets' slots until it gives
 * them back. Any thread; all is done with the lane's lease.
 */
final class StandIn {
    private final Lane lane;
    private final VerdictSink sink;
    private final PipelineState state;
    private final LastResort lastResort;
    private final VerdictCounters counters = new VerdictCounters();
    private final Ruling ruling = new Ruling();
    private final Answer answer = new Answer();

    StandIn(Lane lane, VerdictSink sink, DeviceNames devices, PipelineState state) {
        this.lane = lane;
        this.sink = sink;
        this.state = state;
        lastResort = new LastResort(state.settings().onFailure(), devices);
    }

    /**
     * Answers all that the lane holds if its oldest packet without an answer is past its deadline, or if one was and
     * the judge is not back since. Does nothing while the judge is sending.
     *
     * @param nowNs by {@link System#nanoTime}, without the time for which the whole virtual machine stood still
     */
    void answerOverdue(long nowNs) {
        if (lane.held() == 0 || !lane.lease().tryTake()) {
            return;
        }
        try {
            if (lane.unanswered() > 0 && (lane.isOverruled() || isOverdue(lane.unanswered(0), nowNs))) {
                lane.overrule();
                answerHeld(nowNs);
            }
        } finally {
            lane.lease().giveBack();
        }
    }

    /**
     * Answers all that the lane holds, then packets {@code from} to {@code to}-1 of {@code batch}, which are in no
     * lane. Only the thread that publishes to the lane may call this, after it has published all that was offered.
     *
     * @return false, and nothing is done, if the judge is back or about to be
     */
    boolean answerAfterHeld(QueuedPacket[] batch, int from, int to) {
        if (!lane.isOverruled() || !lane.lease().tryTake()) {
            return false;
        }
        try {
            if (!lane.isOverruled()) {
                return false;
            }
            answerHeld(batch[from].receivedNs());
            for (int i = from; i < to; i++) {
                add(batch[i], OverloadCause.WORKER_QUEUE_FULL);
            }
            sink.flush();
            return true;
        } finally {
            lane.lease().giveBack();
        }
    }

    private boolean isOverdue(QueuedPacket packet, long nowNs) {
        return nowNs - packet.receivedNs() > state.settings().deadlineNs();
    }

    private void answerHeld(long nowNs) {
        sink.clear(); // what a thread that died has added and not sent
        int count = lane.unanswered();
        for (int i = 0; i < count; i++) {
            QueuedPacket packet = lane.unanswered(i);
            add(packet, isOverdue(packet, nowNs) ? OverloadCause.DEADLINE : OverloadCause.WORKER_QUEUE_FULL);
        }
        sink.flush();
        lane.answer(count);
    }

    private void add(QueuedPacket packet, OverloadCause cause) {
        if (sink.size() == VerdictSink.CAPACITY) {
            sink.flush();
        }
        lastResort.decide(state.engine(), packet, Reason.OVERLOAD, ruling);
        answer.set(ruling, cause);
        answer.addTo(sink, packet.packetId());
        counters.count(answer, System.nanoTime() - packet.receivedNs());
    }

    /** What was answered in the judge's place; written with the lease. */
    VerdictCounters counters() {
        return counters;
    }
}

package dev.gavel.pipeline;

import dev.gavel.engine.LastResort;
import dev.gavel.engine.Ruling;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.VerdictSink;

/**
 * Answers the packets of a lane instead of its judge once the oldest of them is overdue: all packets in the lane, and
 * all that arrive until the judge is back. It only sends verdicts; the judge releases the slots later. Any thread may
 * call it; all work is done while holding the lane's lease.
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
     * Answers all packets in the lane if the oldest unanswered one is past its deadline, or if the judge was overruled
     * and is not back yet. Does nothing while the judge is sending.
     *
     * @param nowNs by {@link System#nanoTime}, minus the time for which the whole virtual machine was paused
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
     * Answers all packets in the lane, then packets {@code from} to {@code to}-1 of {@code batch}, which are in no
     * lane. Only the thread that publishes to the lane may call this, after it has published all offered packets.
     *
     * @return false, without having done anything, if the judge is back or about to be
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
        sink.clear(); // drops verdicts that a thread added before it died
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

    /** Counts the verdicts that were sent instead of the judge's. Written only while holding the lease. */
    VerdictCounters counters() {
        return counters;
    }
}

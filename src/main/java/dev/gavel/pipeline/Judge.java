package dev.gavel.pipeline;

import dev.gavel.engine.Inspector;
import dev.gavel.engine.LastResort;
import dev.gavel.engine.Ruling;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import dev.gavel.queue.VerdictSink;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets of one queue out of its lane, has them inspected, and sends their verdicts in the same order. Belongs
 * to the thread that judges, a worker or the reader itself; when that is overdue, {@link StandIn} sends in its place.
 */
final class Judge {
    /** Packets judged before their verdicts are sent. */
    private static final int BATCH = VerdictSink.CAPACITY;

    /** Bytes judged before their verdicts are sent: no super-packet shall wait for more than three others. */
    private static final int BATCH_BYTES = 256 * 1024;

    private final Lane lane;
    private final VerdictSink sink; // only with the lane's lease
    private final Rejector rejector;
    private final LastResort lastResort;
    private final VerdictListener listener;
    private final FailureLog failures;
    private final VerdictCounters counters = new VerdictCounters();
    private final Ruling ruling = new Ruling();
    private final Answer[] answers = new Answer[BATCH]; // of the packets judged and not yet sent, the oldest first
    private int unsentBytes;
    private final StandIn standIn;

    /** A judge of what is in {@code lane}. {@code devices} makes names for one thread each time. */
    Judge(Lane lane, VerdictSink sink, Supplier<DeviceNames> devices, VerdictListener listener, PipelineState state) {
        this.lane = lane;
        this.sink = sink;
        this.listener = listener;
        failures = state.failures();
        rejector = state.settings().rejector();
        lastResort = new LastResort(state.settings().onFailure(), devices.get());
        Arrays.setAll(answers, i -> new Answer());
        standIn = new StandIn(lane, sink, devices.get(), state);
    }

    /** Judges up to a batch of what is in the lane; returns how many. */
    int judge(Inspector inspector) {
        int count = 0;
        QueuedPacket packet = next();
        while (packet != null && count < BATCH) {
            judgeOne(inspector, packet);
            count++;
            packet = next();
        }
        send();
        return count;
    }

    /** Null if there is none, or if the stand-in answers in this lane: {@link #send} then takes the lane back. */
    private @Nullable QueuedPacket next() {
        return lane.isOverruled() ? null : lane.next();
    }

    private void judgeOne(Inspector inspector, QueuedPacket packet) {
        OverloadCause cause = null;
        try {
            inspector.inspect(packet, ruling);
        } catch (RuntimeException e) {
            cause = OverloadCause.ERROR;
            lastResort.decide(inspector.engine(), packet, Reason.ERROR, ruling);
            failures.report(FailureLog.Kind.JUDGEMENT, e);
        }
        answer(packet, cause);
    }

    private void answer(QueuedPacket packet, @Nullable OverloadCause cause) {
        answers[lane.unsent()].set(ruling, cause);
        unsentBytes += packet.capturedLength();
        lane.advance();
        if (lane.unsent() == BATCH || unsentBytes >= BATCH_BYTES) {
            send();
        }
    }

    private void send() {
        int unsent = lane.unsent();
        if (unsent == 0 && !lane.isOverruled()) {
            return;
        }
        int late = sendUnlessAnswered(unsent);
        counters.late.add(late);
        unsentBytes = 0;
        try {
            report(late, unsent);
        } finally { // also after an Error: their verdicts are sent
            lane.release();
        }
    }

    /** Sends what the stand-in has not sent already; returns how many of the oldest packets it has answered. */
    private int sendUnlessAnswered(int unsent) {
        lane.lease().take();
        try {
            sink.clear(); // what a thread that died has added and not sent
            int late = lane.comeBack();
            for (int i = late; i < unsent; i++) {
                answers[i].addTo(sink, lane.judgedAt(i).packetId());
            }
            sink.flush();
            lane.answerJudged();
            return late;
        } finally {
            lane.lease().giveBack();
        }
    }

    /**
     * Counts and tells of packets {@code from} to {@code to}-1 of those judged. Only after their verdicts are sent: a
     * reset must not overtake an earlier packet of its flow, such as the last one of the handshake.
     */
    private void report(int from, int to) {
        if (from < to) {
            counters.batch.record(to - from);
        }
        long now = System.nanoTime();
        for (int i = from; i < to; i++) { // all of them first: what follows may end in an Error
            counters.count(answers[i], now - lane.judgedAt(i).receivedNs());
        }
        for (int i = from; i < to; i++) {
            tell(lane.judgedAt(i), answers[i]);
        }
    }

    /** The verdict is sent: a listener that throws ends nothing, nor does it keep the packet's ends from being told. */
    private void tell(QueuedPacket packet, Answer answer) {
        try {
            listener.judged(packet, answer);
        } catch (RuntimeException e) {
            failures.report(FailureLog.Kind.LISTENER, e);
        }
        if (answer.verdict() != Verdict.REJECT) {
            return;
        }
        try {
            rejector.reject(packet);
        } catch (RuntimeException e) {
            failures.report(FailureLog.Kind.REJECTOR, e);
        }
    }

    /** Answers all that the lane holds without judging it: the thread that should have judged it has died. */
    void giveUpHeld(Inspector inspector) {
        send();
        QueuedPacket packet = lane.next();
        while (packet != null) {
            lastResort.decide(inspector.engine(), packet, Reason.ERROR, ruling);
            answer(packet, OverloadCause.WORKER_DEAD);
            packet = lane.next();
        }
        send();
    }

    Lane lane() {
        return lane;
    }

    /** Answers in place of the judging thread while that is overdue. */
    StandIn standIn() {
        return standIn;
    }

    /** What was answered: by the judging thread, and in its place. */
    List<VerdictCounters> counters() {
        return List.of(counters, standIn.counters());
    }
}

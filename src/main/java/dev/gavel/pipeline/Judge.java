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
 * Takes packets of one queue out of a lane, has them inspected, and sends their verdicts in the same order. Belongs to
 * the judging thread, which is a worker or the reader itself. While that thread is overdue, {@link StandIn} sends
 * verdicts instead.
 */
final class Judge {
    /** Maximum number of packets judged before their verdicts are sent. */
    private static final int BATCH = VerdictSink.CAPACITY;

    /**
     * Number of judged bytes after which verdicts are sent, so that a super-packet of 64 KiB waits for at most three
     * others.
     */
    private static final int BATCH_BYTES = 256 * 1024;

    private final Lane lane;
    private final VerdictSink sink; // used only while holding the lane's lease
    private final Rejector rejector;
    private final LastResort lastResort;
    private final VerdictListener listener;
    private final FailureLog failures;
    private final VerdictCounters counters = new VerdictCounters();
    private final Ruling ruling = new Ruling();
    private final Answer[] answers = new Answer[BATCH]; // for the packets judged but not yet sent, oldest first
    private int unsentBytes;
    private final StandIn standIn;

    /**
     * A judge of the packets in {@code lane}. Each call of {@code devices} returns an instance for use by one thread.
     */
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

    /** Judges up to one batch of packets from the lane; returns how many. */
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

    /**
     * The next packet to judge. Null if there is none, or if the stand-in answers this lane; {@link #send} then takes
     * the lane back.
     */
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
        } finally { // also after an Error, because the verdicts are sent already
            lane.release();
        }
    }

    /** Sends the verdicts that the stand-in has not sent; returns how many of the oldest packets it had answered. */
    private int sendUnlessAnswered(int unsent) {
        lane.lease().take();
        try {
            sink.clear(); // drops verdicts that a thread added before it died
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
     * Counts the judged packets {@code from} to {@code to}-1, then passes them to the listener and the rejector. Call
     * only after their verdicts are sent: a reset must not overtake an earlier packet of the flow, such as the last
     * packet of the handshake.
     */
    private void report(int from, int to) {
        if (from < to) {
            counters.batch.record(to - from);
        }
        long now = System.nanoTime();
        // counts all packets first, because the listener or the rejector may throw an Error
        for (int i = from; i < to; i++) {
            counters.count(answers[i], now - lane.judgedAt(i).receivedNs());
        }
        for (int i = from; i < to; i++) {
            tell(lane.judgedAt(i), answers[i]);
        }
    }

    /**
     * Calls the listener and, for a reject, the rejector. The verdict is sent already, so a listener that throws is
     * only logged and the rejector still runs.
     */
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

    /** Answers every packet in the lane without judging it, because the thread that should have judged them died. */
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

    /** The stand-in, which answers this lane's packets while the judging thread is overdue. */
    StandIn standIn() {
        return standIn;
    }

    /** Verdict counters of the judging thread, then those of its stand-in. */
    List<VerdictCounters> counters() {
        return List.of(counters, standIn.counters());
    }
}

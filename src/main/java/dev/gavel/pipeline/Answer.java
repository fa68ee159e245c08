package dev.gavel.pipeline;

import dev.gavel.engine.Ruling;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Decision;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictSink;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A packet's verdict with everything to report about it, kept from judgement until the verdict is sent. Reused for
 * later packets.
 */
final class Answer implements Decision {
    private Verdict verdict = Verdict.DROP;
    private Reason reason = Reason.ERROR;
    private @Nullable OverloadCause cause;
    private @Nullable String policy;
    private boolean marked;
    private int mark;
    private int changedMask;
    private int generation;
    private Alert[] alerts = new Alert[0];
    private int alertCount;

    /** Copies {@code ruling}; {@code cause} is the reason why the packet was not judged, or null if it was. */
    void set(Ruling ruling, @Nullable OverloadCause cause) {
        verdict = ruling.verdict();
        reason = ruling.reason();
        this.cause = cause;
        policy = ruling.policy();
        marked = ruling.isMarked();
        mark = ruling.mark();
        changedMask = ruling.changedMask();
        generation = ruling.generation();
        alertCount = ruling.alertCount();
        if (alertCount > alerts.length) {
            // rare: the array grows only when a packet has more alerts than any before
            alerts = Arrays.copyOf(alerts, alertCount);
        }
        for (int i = 0; i < alertCount; i++) {
            alerts[i] = ruling.alert(i);
        }
    }

    /** Adds the verdict on packet {@code packetId} to {@code sink}. */
    void addTo(VerdictSink sink, int packetId) {
        if (marked) {
            sink.add(packetId, verdict, mark);
        } else {
            sink.add(packetId, verdict);
        }
    }

    /** Why the packet was answered without being judged; null if it was judged. */
    @Nullable
    OverloadCause cause() {
        return cause;
    }

    /** The policy that decided; null if the daemon's default or its overload verdict did. */
    @Nullable
    String policy() {
        return policy;
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }

    @Override
    public Reason reason() {
        return reason;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public int mark() {
        return mark;
    }

    @Override
    public int changedMask() {
        return changedMask;
    }

    @Override
    public int alertCount() {
        return alertCount;
    }

    @Override
    public Alert alert(int index) {
        if (index < 0 || index >= alertCount) {
            throw new IllegalArgumentException("index " + index + " (expected: below " + alertCount + ")");
        }
        return alerts[index];
    }
}

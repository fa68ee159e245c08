package dev.gavel.policy.program;

import dev.gavel.queue.Alert;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was decided of one packet, and what it met on its way. Written by the {@link Evaluation} that has it, which
 * reuses it for the next packet: never keep it.
 */
public final class Findings {
    /** Of a packet that no policy was asked about. Nobody writes to it. */
    public static final Findings NONE = new Findings();

    private Verdict verdict = Verdict.ACCEPT;
    private Reason reason = Reason.DEFAULT;
    private @Nullable Rule rule;
    private @Nullable String policy;
    private int markValue;
    private int markMask;
    private boolean open;
    private final MetSteps continued = new MetSteps();
    private final Shadows shadows = new Shadows();
    private Alert[] alerts = new Alert[8];
    private int alertCount;

    Findings() {}

    /** Never null: without any decision the daemon's default. */
    public Verdict verdict() {
        return verdict;
    }

    /** {@link Reason#RULE}, {@link Reason#DEFAULT} or {@link Reason#PENDING}. */
    public Reason reason() {
        return reason;
    }

    /** The rule that decided; null if none did. */
    public @Nullable Rule rule() {
        return rule;
    }

    /** The policy whose rule or default decided; null for the daemon's default and for pending. */
    public @Nullable String policy() {
        return policy;
    }

    /** Whether a rule that was met changes the packet's mark. */
    public boolean changesMark() {
        return markMask != 0;
    }

    /** Bits to set in those of {@link #markMask}. */
    public int markValue() {
        return markValue;
    }

    /** Bits of the mark that change; 0: none. */
    public int markMask() {
        return markMask;
    }

    /** The packet's mark after all rules that it met, if it was {@code old}. */
    public int mark(int old) {
        return (old & ~markMask) | markValue;
    }

    /** How many {@code continue} rules the packet met. */
    public int continuedCount() {
        return continued.count();
    }

    /** A {@code continue} rule that the packet met, {@code index} from 0 in their order. */
    public Rule continued(int index) {
        return Objects.requireNonNull(continued.step(index).rule());
    }

    /** The rules and defaults in shadow mode that the packet met. */
    public Shadows shadows() {
        return shadows;
    }

    /** How many rules with an event the packet met. */
    public int alertCount() {
        return alertCount;
    }

    /** The event of one of these rules, {@code index} from 0 in the order in which they were met. */
    public Alert alert(int index) {
        if (index < 0 || index >= alertCount) {
            throw new IllegalArgumentException("index " + index + " (expected: below " + alertCount + ")");
        }
        return alerts[index];
    }

    /** Whether a rule before the decision was open: with all bytes at hand, the packet might fare otherwise. */
    public boolean isOpen() {
        return open;
    }

    void clear() {
        verdict = Verdict.ACCEPT;
        reason = Reason.DEFAULT;
        rule = null;
        policy = null;
        markValue = 0;
        markMask = 0;
        open = false;
        continued.clear();
        shadows.clear();
        alertCount = 0;
    }

    /** A rule is open that comes before the decision. */
    void setOpen() {
        open = true;
    }

    /** {@code step}, a {@code continue}, matches. */
    void continueAfter(Step step) {
        change(step);
        continued.add(step);
        note(step.rule());
    }

    /** {@code step}, in shadow mode, matches. */
    void shadow(Step step) {
        shadows.add(step);
        note(step.rule());
    }

    /** {@code step} matches and decides. */
    void decide(Step step, Verdict decided) {
        change(step);
        verdict = decided;
        rule = step.rule();
        reason = rule == null ? Reason.DEFAULT : Reason.RULE;
        policy = step.policy();
        note(rule);
    }

    /** A step would block what an open rule before it may still pass: nothing is decided. */
    void setPending() {
        reason = Reason.PENDING;
    }

    /** {@code met} matches: its event, if it has one, is recorded whatever becomes of the packet. */
    private void note(@Nullable Rule met) {
        Alert alert = met == null ? null : met.alert();
        if (alert == null) {
            return;
        }
        if (alertCount == alerts.length) {
            alerts = Arrays.copyOf(alerts, 2 * alertCount); // once, for the most alerts of a packet
        }
        alerts[alertCount++] = alert;
    }

    private void change(Step step) {
        markValue = (markValue & ~step.markMask()) | step.markValue();
        markMask |= step.markMask();
    }
}

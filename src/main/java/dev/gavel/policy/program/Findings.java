package dev.gavel.policy.program;

import dev.gavel.queue.Alert;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one packet, and the rules that the packet matched. Owned by an {@link Evaluation}, which overwrites
 * it for the next packet: never keep a reference.
 */
public final class Findings {
    /** The findings for a packet that no policy was evaluated for. Never written to. */
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

    /** The verdict; the daemon's default if nothing else decided. Never null. */
    public Verdict verdict() {
        return verdict;
    }

    /** The reason for the verdict: {@link Reason#RULE}, {@link Reason#DEFAULT} or {@link Reason#PENDING}. */
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

    /** Whether a rule that the packet matched changes its mark. */
    public boolean changesMark() {
        return markMask != 0;
    }

    /** The new value of the mark bits in {@link #markMask}. */
    public int markValue() {
        return markValue;
    }

    /** The bits of the mark to change; 0 if there are none. */
    public int markMask() {
        return markMask;
    }

    /** The packet's mark after all matching rules have changed it, starting from {@code old}. */
    public int mark(int old) {
        return (old & ~markMask) | markValue;
    }

    /** The number of {@code continue} rules that the packet matched. */
    public int continuedCount() {
        return continued.count();
    }

    /** A {@code continue} rule that the packet matched; {@code index} counts from 0 in order of evaluation. */
    public Rule continued(int index) {
        return Objects.requireNonNull(continued.step(index).rule());
    }

    /** The rules and defaults in shadow mode that the packet matched. */
    public Shadows shadows() {
        return shadows;
    }

    /** The number of rules with an event that the packet matched. */
    public int alertCount() {
        return alertCount;
    }

    /** The event of a matched rule; {@code index} counts from 0 in order of evaluation. */
    public Alert alert(int index) {
        if (index < 0 || index >= alertCount) {
            throw new IllegalArgumentException("index " + index + " (expected: below " + alertCount + ")");
        }
        return alerts[index];
    }

    /**
     * Whether a rule evaluated before the decision was open, so that the result could be different if all bytes of the
     * packet were known.
     */
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

    /** Records that a rule evaluated before the decision is open. */
    void setOpen() {
        open = true;
    }

    /** Records that {@code step}, a {@code continue} rule, matches. */
    void continueAfter(Step step) {
        change(step);
        continued.add(step);
        note(step.rule());
    }

    /** Records that {@code step}, in shadow mode, matches. */
    void shadow(Step step) {
        shadows.add(step);
        note(step.rule());
    }

    /** Records that {@code step} matches and decides with verdict {@code decided}. */
    void decide(Step step, Verdict decided) {
        change(step);
        verdict = decided;
        rule = step.rule();
        reason = rule == null ? Reason.DEFAULT : Reason.RULE;
        policy = step.policy();
        note(rule);
    }

    /** Records that nothing is decided: a step would block a packet that an earlier, still open rule may pass. */
    void setPending() {
        reason = Reason.PENDING;
    }

    /** Records the event of the matching rule {@code met}, if it has one, whatever the final verdict is. */
    private void note(@Nullable Rule met) {
        Alert alert = met == null ? null : met.alert();
        if (alert == null) {
            return;
        }
        if (alertCount == alerts.length) {
            alerts = Arrays.copyOf(alerts, 2 * alertCount); // rare: only if a packet has more alerts than any before
        }
        alerts[alertCount++] = alert;
    }

    private void change(Step step) {
        markValue = (markValue & ~step.markMask()) | step.markValue();
        markMask |= step.markMask();
    }
}

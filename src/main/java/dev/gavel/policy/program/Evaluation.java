package dev.gavel.policy.program;

import dev.gavel.policy.facts.Truth;
import dev.gavel.policy.index.Candidates;
import dev.gavel.policy.index.RuleIndex;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The outcome of judging one packet. A judging thread owns one and reuses it for every packet: never keep it. */
public final class Evaluation {
    private Verdict verdict = Verdict.ACCEPT;
    private Reason reason = Reason.DEFAULT;
    private @Nullable Rule rule;
    private @Nullable String policy;
    private int markValue;
    private int markMask;
    private boolean open;
    private boolean passingInFront;
    private @Nullable Verdict inFront; // of open rules in front; null: there are none
    private boolean mixedInFront;
    private boolean isFinal;
    private boolean shadowDecided; // of the policy whose rules are asked
    private boolean shadowPassingInFront;
    private final MetSteps continued = new MetSteps();
    private final MetSteps shadows = new MetSteps();
    private final MetSteps shadowVerdicts = new MetSteps();
    private Alert[] alerts = new Alert[8];
    private int alertCount;
    private @Nullable RuleIndex index;
    private Candidates candidates = new Candidates(0, 0);

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

    /** How many rules and defaults in shadow mode the packet met: those that no rule in front kept it from. */
    public int shadowCount() {
        return shadows.count();
    }

    /** A rule or default in shadow mode that the packet met, {@code index} from 0 in their order. */
    public Shadow shadow(int index) {
        return Objects.requireNonNull(shadows.step(index).shadow());
    }

    /**
     * How many policies would have decided, had their rules and default in shadow mode been enforced: at most one
     * verdict a policy, the first. A policy of which that cannot be told, because a rule still open in front may pass
     * what it blocks, has none.
     */
    public int shadowVerdictCount() {
        return shadowVerdicts.count();
    }

    /** What would have decided in one of those policies, {@code index} from 0 in their order; its verdict is not null. */
    public Shadow shadowVerdict(int index) {
        return Objects.requireNonNull(shadowVerdicts.step(index).shadow());
    }

    /** How many rules with an event the packet met. */
    public int alertCount() {
        return alertCount;
    }

    /** One of them, {@code index} from 0 in the order in which they were met. */
    public Alert alert(int index) {
        if (index < 0 || index >= alertCount) {
            throw new IllegalArgumentException("index " + index + " (expected: below " + alertCount + ")");
        }
        return alerts[index];
    }

    /** Whether a rule in front of the decision was open: with all bytes at hand, the outcome might be another. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Whether the verdict is the same in all ways in which the open rules can turn out, each for itself: then nothing
     * needs to be searched any more.
     */
    public boolean isFinal() {
        return isFinal;
    }

    void reset() {
        verdict = Verdict.ACCEPT;
        reason = Reason.DEFAULT;
        rule = null;
        policy = null;
        markValue = 0;
        markMask = 0;
        open = false;
        passingInFront = false;
        inFront = null;
        mixedInFront = false;
        isFinal = false;
        continued.clear();
        shadows.clear();
        shadowVerdicts.clear();
        alertCount = 0;
    }

    /** Room for what {@code of} finds; allocates when a program judges for the first time. */
    Candidates candidates(RuleIndex of) {
        if (index != of) {
            index = of;
            candidates = of.candidates();
        }
        return candidates;
    }

    /** The next steps are those of another policy. */
    void enterPolicy() {
        shadowDecided = false;
        shadowPassingInFront = false;
    }

    /** {@code step} matches, or {@code value} is open; whether the packet is decided. */
    boolean meets(Step step, Truth value) {
        Verdict verdict = step.verdict();
        if (step.shadow() != null) {
            meetShadow(step, value);
        } else if (value == Truth.OPEN) {
            meetOpen(step);
        } else if (verdict == null) {
            change(step);
            continued.add(step);
            note(step.rule());
        } else {
            decide(step, verdict);
            return true;
        }
        return false;
    }

    private void meetOpen(Step step) {
        open = true;
        passingInFront |= step.passes();
        Verdict opens = step.verdict();
        if (opens != null) {
            mixedInFront |= inFront != null && !inFront.equals(opens);
            inFront = opens;
        }
    }

    private void meetShadow(Step step, Truth value) {
        if (value == Truth.OPEN) {
            shadowPassingInFront |= step.passes();
            return;
        }
        shadows.add(step);
        note(step.rule());
        if (step.verdict() != null && !shadowDecided) {
            shadowDecided = true;
            if (step.passes() || !(passingInFront || shadowPassingInFront)) {
                shadowVerdicts.add(step);
            }
        }
    }

    /** {@code step} matches and decides, unless it blocks what an open rule in front may still pass. */
    private void decide(Step step, Verdict decided) {
        isFinal = inFront == null || (!mixedInFront && inFront.equals(decided));
        if (passingInFront && decided.blocks()) {
            reason = Reason.PENDING;
            return;
        }
        change(step);
        verdict = decided;
        rule = step.rule();
        reason = rule == null ? Reason.DEFAULT : Reason.RULE;
        policy = step.policy();
        note(rule);
    }

    /** {@code met} matches: if it has an event there will be one, whatever becomes of the packet. */
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

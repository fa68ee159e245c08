package dev.gavel.policy;

import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The outcome of judging one packet. A judging thread owns one and reuses it for every packet: never keep it. */
public final class Judgement {
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
    private Rule[] continued = new Rule[8];
    private int continuedCount;

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
        return continuedCount;
    }

    /** A {@code continue} rule that the packet met, {@code index} from 0 in their order. */
    public Rule continued(int index) {
        if (index < 0 || index >= continuedCount) {
            throw new IllegalArgumentException("index " + index + " (expected: below " + continuedCount + ")");
        }
        return continued[index];
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
        continuedCount = 0;
    }

    /** {@code step} could still match. */
    void meetOpen(Step step) {
        open = true;
        passingInFront |= step.passes();
        Verdict opens = step.verdict();
        if (opens != null) {
            mixedInFront |= inFront != null && !inFront.equals(opens);
            inFront = opens;
        }
    }

    /** {@code step}, a continue, matches. */
    void meet(Step step) {
        change(step);
        if (continuedCount == continued.length) {
            continued = Arrays.copyOf(continued, 2 * continuedCount); // once, for the longest chain of a program
        }
        continued[continuedCount++] = Objects.requireNonNull(step.rule());
    }

    /** {@code step} matches and is final, unless it blocks what an open rule in front may still pass. */
    void decide(Step step, Verdict decided) {
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
    }

    private void change(Step step) {
        markValue = (markValue & ~step.markMask()) | step.markValue();
        markMask |= step.markMask();
    }
}

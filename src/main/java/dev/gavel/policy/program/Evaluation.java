package dev.gavel.policy.program;

import dev.gavel.policy.facts.Truth;
import dev.gavel.policy.index.Candidates;
import dev.gavel.policy.index.RuleIndex;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The way of one packet through the steps of a program: scratch, and the findings it writes. A judging thread owns one
 * and reuses it for every packet.
 */
public final class Evaluation {
    private final Findings findings = new Findings();
    private final OpenRules open = new OpenRules();
    private boolean shadowDecided; // of the policy at hand
    private @Nullable RuleIndex index; // that candidates are for
    private Candidates candidates = new Candidates(0, 0);

    /** What the packet judged last came to; the next one overwrites it. */
    public Findings findings() {
        return findings;
    }

    /** Forgets the packet before. */
    void start() {
        findings.clear();
        open.clear();
        shadowDecided = false;
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
        open.enterPolicy();
    }

    /** {@code step} matches, or is open if {@code value} is; whether the way ends here. */
    boolean meets(Step step, Truth value) {
        if (value == Truth.OPEN) {
            meetOpen(step);
            return false;
        }
        if (step.shadow() != null) {
            meetShadow(step);
            return false;
        }
        Verdict verdict = step.verdict();
        if (verdict == null) {
            findings.continueAfter(step);
            return false;
        }
        if (mayBePassedBefore(step)) {
            findings.setPending();
        } else {
            findings.decide(step, verdict);
        }
        return true;
    }

    private void meetOpen(Step step) {
        open.add(step);
        if (step.shadow() == null) {
            findings.setOpen();
        }
    }

    private void meetShadow(Step step) {
        findings.shadow(step);
        if (step.verdict() != null && !shadowDecided) {
            shadowDecided = true;
            if (!mayBePassedBefore(step)) {
                findings.shadows().decides(step);
            }
        }
    }

    /** Whether {@code step}, which has a verdict, blocks what an open rule before it may still pass. */
    private boolean mayBePassedBefore(Step step) {
        return !step.passes() && open.mayPassBefore(step);
    }
}

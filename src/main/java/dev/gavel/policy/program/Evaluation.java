package dev.gavel.policy.program;

import dev.gavel.policy.facts.Truth;
import dev.gavel.policy.index.Candidates;
import dev.gavel.policy.index.RuleIndex;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The scratch state for evaluating a program for one packet, and the findings that result. Each judging thread owns one
 * and reuses it for every packet.
 */
public final class Evaluation {
    private final Findings findings = new Findings();
    private final OpenRules open = new OpenRules();
    private boolean shadowDecided; // whether a shadow step has decided in the current policy
    private @Nullable RuleIndex index; // the index that candidates was made for
    private Candidates candidates = new Candidates(0, 0);

    /** The findings for the packet judged last; the next packet overwrites them. */
    public Findings findings() {
        return findings;
    }

    /** Clears the state for a new packet. */
    void start() {
        findings.clear();
        open.clear();
        shadowDecided = false;
    }

    /** The candidates to use with index {@code of}; allocates when the index is not the one used last. */
    Candidates candidates(RuleIndex of) {
        if (index != of) {
            index = of;
            candidates = of.candidates();
        }
        return candidates;
    }

    /** Resets the state of the current policy: the steps that follow belong to another one. */
    void enterPolicy() {
        shadowDecided = false;
        open.enterPolicy();
    }

    /** Records that {@code step} matches, or is open if {@code value} is. Returns whether the evaluation ends here. */
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

    /** Whether {@code step}, which has a verdict, would block a packet that an earlier, still open rule may pass. */
    private boolean mayBePassedBefore(Step step) {
        return !step.passes() && open.mayPassBefore(step);
    }
}

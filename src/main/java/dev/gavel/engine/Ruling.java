package dev.gavel.engine;

import dev.gavel.policy.program.Evaluation;
import dev.gavel.policy.program.OverloadVerdict;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Shadow;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Decision;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/** What an {@link Inspector} says of one packet. One instance a thread, filled anew for each packet: never keep it. */
public final class Ruling implements Decision {
    private final Evaluation evaluation = new Evaluation();
    private Verdict verdict = Verdict.DROP;
    private Reason reason = Reason.ERROR;
    private int generation;
    private boolean judged;
    private @Nullable String overload;
    private boolean marked;
    private int mark;
    private int changedMask;

    /** Without the policies, which were not asked or could not answer; the packet's mark stays as it is. */
    public void set(Verdict verdict, Reason reason) {
        this.verdict = verdict;
        this.reason = reason;
        judged = false;
        marked = false;
        changedMask = 0;
        overload = null;
    }

    /** As {@code own} says, instead of the policies, which could not judge. */
    void set(OverloadVerdict own, Reason reason) {
        set(own.verdict(), reason);
        overload = own.policy();
    }

    /** The generation that judges the packet. */
    void by(int generation) {
        this.generation = generation;
    }

    /** The judgement that the policies write to. */
    Evaluation evaluation() {
        return evaluation;
    }

    /** As {@link #evaluation} says, for a packet whose mark is {@code old}. */
    void setJudged(int old) {
        verdict = evaluation.verdict();
        reason = evaluation.reason();
        judged = true;
        marked = evaluation.changesMark();
        changedMask = evaluation.markMask();
        mark = evaluation.mark(old);
    }

    /**
     * An accept is sent in another way: as {@code verdict}, with bits {@code mask} of the mark set to {@code value}.
     */
    void acceptAs(Verdict verdict, int value, int mask, int old) {
        this.verdict = verdict;
        if (mask != 0) {
            this.mark = ((marked ? this.mark : old) & ~mask) | value;
            changedMask |= mask;
            marked = true;
        }
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }

    @Override
    public Reason reason() {
        return reason;
    }

    /** Whether the packet gets a new mark. */
    public boolean isMarked() {
        return marked;
    }

    @Override
    public int mark() {
        return mark;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public int alertCount() {
        return judged ? evaluation.alertCount() : 0;
    }

    @Override
    public Alert alert(int index) {
        return evaluation.alert(index);
    }

    /** The rule that decided; null if none did. */
    public @Nullable Rule rule() {
        return judged ? evaluation.rule() : null;
    }

    /**
     * The policy whose rule, default or overload decided; null for the daemon's default, and where no policy was
     * asked.
     */
    public @Nullable String policy() {
        return judged ? evaluation.policy() : overload;
    }

    /** How many {@code continue} rules the packet met. */
    public int continuedCount() {
        return judged ? evaluation.continuedCount() : 0;
    }

    /** A {@code continue} rule that the packet met, {@code index} from 0 in their order. */
    public Rule continued(int index) {
        return evaluation.continued(index);
    }

    /** How many rules and defaults in shadow mode the packet met. */
    public int shadowCount() {
        return judged ? evaluation.shadowCount() : 0;
    }

    /** A rule or default in shadow mode that the packet met, {@code index} from 0 in their order. */
    public Shadow shadow(int index) {
        return evaluation.shadow(index);
    }

    @Override
    public int changedMask() {
        return changedMask;
    }
}

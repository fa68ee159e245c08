package dev.gavel.engine;

import dev.gavel.policy.program.Findings;
import dev.gavel.policy.program.OverloadVerdict;
import dev.gavel.policy.program.Rule;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Decision;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of an {@link Inspector} on one packet, and the reason. Each thread reuses one instance for every packet:
 * never keep a reference.
 */
public final class Ruling implements Decision {
    private Findings findings = Findings.NONE; // owned by the inspector, which overwrites them for its next packet
    private Verdict verdict = Verdict.DROP;
    private Reason reason = Reason.ERROR;
    private int generation;
    private @Nullable String overload;
    private boolean marked;
    private int mark;
    private int changedMask;

    /**
     * Sets a verdict that does not come from the policies, because they were not evaluated or could not answer. The
     * packet's mark stays as it is.
     */
    public void set(Verdict verdict, Reason reason) {
        this.verdict = verdict;
        this.reason = reason;
        findings = Findings.NONE;
        marked = false;
        changedMask = 0;
        overload = null;
    }

    /** Sets the overload verdict {@code own} of a policy that could not judge the packet. */
    void set(OverloadVerdict own, Reason reason) {
        set(own.verdict(), reason);
        overload = own.policy();
    }

    /** Sets the generation that judges the packet. */
    void by(int generation) {
        this.generation = generation;
    }

    /** Copies the verdict and mark from {@code found}; {@code old} is the packet's current mark. */
    void set(Findings found, int old) {
        findings = found;
        verdict = found.verdict();
        reason = found.reason();
        overload = null;
        marked = found.changesMark();
        changedMask = found.markMask();
        mark = found.mark(old);
    }

    /**
     * Replaces an accept by {@code verdict}, with bits {@code mask} of the mark set to {@code value}; {@code old} is
     * the packet's current mark.
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
        return findings.alertCount();
    }

    @Override
    public Alert alert(int index) {
        return findings.alert(index);
    }

    /**
     * What the policies found, valid until the next packet is inspected; empty if they were not evaluated or could not
     * answer.
     */
    public Findings findings() {
        return findings;
    }

    /** The rule that decided; null if none did. */
    public @Nullable Rule rule() {
        return findings.rule();
    }

    /**
     * The policy whose rule, default or overload decided; null if the daemon's default decided or no policy was
     * evaluated.
     */
    public @Nullable String policy() {
        return overload == null ? findings.policy() : overload;
    }

    @Override
    public int changedMask() {
        return changedMask;
    }
}

package dev.gavel.policy.program;

import java.util.Objects;

/** Rules and defaults in shadow mode that one packet met. Belongs to the {@link Findings} that has it. */
public final class Shadows {
    private final MetSteps met = new MetSteps();
    private final MetSteps verdicts = new MetSteps();

    /** How many the packet met: those that no earlier rule kept it from. */
    public int count() {
        return met.count();
    }

    /** A rule or default in shadow mode that the packet met, {@code index} from 0 in their order. */
    public Shadow met(int index) {
        return shadow(met, index);
    }

    /**
     * How many policies would have decided, had their rules and default in shadow mode been enforced: at most one
     * verdict a policy, the first. A policy has none if its first one blocks and an earlier rule, still open, may pass
     * the packet.
     */
    public int verdictCount() {
        return verdicts.count();
    }

    /**
     * What would have decided in one of those policies, {@code index} from 0 in their order; its verdict is not null.
     */
    public Shadow verdict(int index) {
        return shadow(verdicts, index);
    }

    private static Shadow shadow(MetSteps steps, int index) {
        return Objects.requireNonNull(steps.step(index).shadow());
    }

    void clear() {
        met.clear();
        verdicts.clear();
    }

    void add(Step step) {
        met.add(step);
    }

    /** {@code step}, which was added, would have decided. */
    void decides(Step step) {
        verdicts.add(step);
    }
}

package dev.gavel.policy.program;

import java.util.Objects;

/** The rules and defaults in shadow mode that one packet matched. Part of {@link Findings}. */
public final class Shadows {
    private final MetSteps met = new MetSteps();
    private final MetSteps verdicts = new MetSteps();

    /** The number of rules and defaults in shadow mode that the packet matched before another rule decided. */
    public int count() {
        return met.count();
    }

    /** A rule or default in shadow mode that the packet matched; {@code index} counts from 0 in order of evaluation. */
    public Shadow met(int index) {
        return shadow(met, index);
    }

    /**
     * The number of policies that would have decided if their rules and default in shadow mode were enforced. A policy
     * counts at most once, with its first shadow verdict. It does not count if that verdict blocks and an earlier,
     * still open rule may pass the packet.
     */
    public int verdictCount() {
        return verdicts.count();
    }

    /**
     * The rule or default that would have decided in such a policy; {@code index} counts from 0 in order of evaluation.
     * Its verdict is not null.
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

    /** Records that {@code step}, which was added before, would have decided. */
    void decides(Step step) {
        verdicts.add(step);
    }
}

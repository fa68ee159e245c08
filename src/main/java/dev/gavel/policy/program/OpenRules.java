package dev.gavel.policy.program;

/** What rules that are still open may do before the step at hand is reached. Part of an {@link Evaluation}. */
final class OpenRules {
    private boolean mayPass;
    private boolean shadowMayPass; // of the policy at hand

    void clear() {
        mayPass = false;
        shadowMayPass = false;
    }

    /** The next steps are those of another policy, which the shadows of the last one do not concern. */
    void enterPolicy() {
        shadowMayPass = false;
    }

    /** {@code step} is open. */
    void add(Step step) {
        if (step.shadow() == null) {
            mayPass |= step.passes();
        } else {
            shadowMayPass |= step.passes();
        }
    }

    /** Whether an open rule may pass the packet before {@code step} can block it. Shadows come before shadows only. */
    boolean mayPassBefore(Step step) {
        return mayPass || (step.shadow() != null && shadowMayPass);
    }
}

package dev.gavel.policy.program;

/**
 * Tells whether a rule that is still open may pass the packet before a later step is reached. Part of an {@link
 * Evaluation}.
 */
final class OpenRules {
    private boolean mayPass;
    private boolean shadowMayPass; // whether an open shadow rule of the current policy may pass the packet

    void clear() {
        mayPass = false;
        shadowMayPass = false;
    }

    /** Forgets the open shadow rules: the steps that follow belong to another policy, which they do not affect. */
    void enterPolicy() {
        shadowMayPass = false;
    }

    /** Records that {@code step} is open. */
    void add(Step step) {
        if (step.shadow() == null) {
            mayPass |= step.passes();
        } else {
            shadowMayPass |= step.passes();
        }
    }

    /**
     * Whether an open rule may pass the packet before {@code step} can block it. An open shadow rule counts only if
     * {@code step} is in shadow mode, too.
     */
    boolean mayPassBefore(Step step) {
        return mayPass || (step.shadow() != null && shadowMayPass);
    }
}

package dev.gavel.config;

/** Whether a policy or a rule decides. */
public enum Mode {
    ENFORCE,
    /** Only counts what it would have decided. */
    SHADOW
}

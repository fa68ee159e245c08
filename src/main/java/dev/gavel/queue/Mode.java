package dev.gavel.queue;

import java.util.Locale;

/** Whether a policy or a rule decides. */
public enum Mode {
    ENFORCE,
    /** Only counts what it would have decided. */
    SHADOW;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As policies, metrics and events write it. */
    public String word() {
        return word;
    }
}

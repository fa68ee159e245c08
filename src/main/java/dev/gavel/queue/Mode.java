package dev.gavel.queue;

import java.util.Locale;

/** Whether the verdicts of a policy or rule take effect. */
public enum Mode {
    ENFORCE,
    /** Verdicts are only counted, not sent. */
    SHADOW;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word used in policies, metrics and events. */
    public String word() {
        return word;
    }
}

package dev.gavel.queue;

import java.util.Locale;

/** What an event record tells of: its {@code event_type}, and a word of {@code events.types}. */
public enum EventType {
    /** A packet met a rule that has events. */
    ALERT,
    /** A packet could not be judged in full. */
    ANOMALY,
    /** The policies were loaded anew, or could not be. */
    RELOAD,
    /** Packets got the verdict of {@code overload}. */
    OVERLOAD,
    /** The kernel had no room for packets. */
    LOSS;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As the event writes it: {@code alert}. */
    public String word() {
        return word;
    }
}

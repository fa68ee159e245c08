package dev.gavel.queue;

import java.util.Locale;

/** The type of an event record: its {@code event_type}, and a word of {@code events.types} in the configuration. */
public enum EventType {
    /** A packet matched a rule that has events. */
    ALERT,
    /** A packet could not be judged in full. */
    ANOMALY,
    /** The policies were reloaded, or a reload failed. */
    RELOAD,
    /** Packets got the {@code overload} verdict, because they were not judged in time or at all. */
    OVERLOAD,
    /** The kernel lost packets because it had no room for them. */
    LOSS;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word used in event records, such as {@code alert}. */
    public String word() {
        return word;
    }
}

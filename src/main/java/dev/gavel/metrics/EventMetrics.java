package dev.gavel.metrics;

import dev.gavel.events.Events;

/** Counts of the events that were written and of those that were lost. */
public final class EventMetrics extends Collector {
    private final Events events;

    public EventMetrics(Events events) {
        this.events = events;
    }

    @Override
    void addTo(Families families) {
        families.counter(
                "gavel_events_written",
                "Events that were written.",
                samples -> samples.sample(events.written(), "sink", events.sink()));
        families.counter(
                "gavel_events_lost",
                "Events for which there was no room, in memory or on the disk.",
                samples -> samples.sample(events.lost(), "sink", events.sink()));
    }
}

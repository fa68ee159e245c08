package dev.gavel.metrics;

/** Reads one source at each scrape. It holds no numbers of its own; any thread may collect. */
public abstract class Collector {
    Collector() {}

    /** Adds the source's metric families to those of this scrape. */
    abstract void addTo(Families families);
}

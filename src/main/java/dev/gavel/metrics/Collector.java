package dev.gavel.metrics;

/** Reads one source of metrics at each scrape. Keeps no values between scrapes; any thread may call it. */
public abstract class Collector {
    Collector() {}

    /** Adds the source's metric families to those of this scrape. */
    abstract void addTo(Families families);
}

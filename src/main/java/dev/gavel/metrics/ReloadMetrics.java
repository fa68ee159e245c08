package dev.gavel.metrics;

import dev.gavel.counters.Count;

/** How the loading of policies went. */
public final class ReloadMetrics extends Collector {
    private final Loads loads;

    /** The loads of policies so far, the one at the start left out. Whoever loads implements it; any thread may ask. */
    public interface Loads {
        /** Loads after which new policies were in force. */
        Count successes();

        /** Loads that left the old policies in force. */
        Count failures();

        /** Whether the last load brought new policies; true before the first one. */
        boolean wasLastSuccessful();

        /** When policies were last loaded, at the start too, in milliseconds since 1970 (UTC). */
        long lastSuccessMs();
    }

    public ReloadMetrics(Loads loads) {
        this.loads = loads;
    }

    @Override
    void addTo(Families families) {
        families.counter("gavel_config_reloads", "Reloads of the policies.", samples -> {
            samples.sample(loads.successes().value(), "result", "success");
            samples.sample(loads.failures().value(), "result", "failure");
        });
        families.gauge(
                "gavel_config_last_reload_successful",
                "Whether the last load brought new policies.",
                samples -> samples.sample(loads.wasLastSuccessful() ? 1 : 0));
        families.gauge(
                "gavel_config_last_reload_success_timestamp_seconds",
                "When policies were last loaded.",
                samples -> samples.sample(loads.lastSuccessMs() / 1000.0));
    }
}

package dev.gavel.metrics;

import dev.gavel.counters.Count;

/** Metrics of policy reloads. */
public final class ReloadMetrics extends Collector {
    private final Loads loads;

    /** The reloads so far; only {@link #lastSuccessMs} includes the load at the start. Any thread may call it. */
    public interface Loads {
        /** Number of reloads that put new policies in force. */
        Count successes();

        /** Number of reloads that left the old policies in force. */
        Count failures();

        /** Whether the last reload put new policies in force; true before the first reload. */
        boolean wasLastSuccessful();

        /** Time of the last successful load, including the one at the start, in milliseconds since 1970 (UTC). */
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

package dev.gavel.config;

import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.source.SourceText;
import java.util.List;

/**
 * The rate that a rule lets go by: it matches only what exceeds it.
 *
 * @param over in {@code measure}, at least 1
 * @param burst what may come at once after a pause, in {@code measure}, at least 1
 * @param per names of fields, not yet looked up: each combination of their values has the rate for itself; empty: all
 *     packets share it
 */
public record LimitEntry(Rate over, Measure measure, long burst, List<SourceText> per) {
    /** What a rate counts. */
    public enum Measure {
        PACKETS,
        BYTES
    }
}

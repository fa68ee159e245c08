package dev.gavel.config;

import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.SourceText;
import dev.gavel.queue.Mode;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a policy file.
 *
 * @param when its expression, not yet parsed; null: always
 * @param mode shadow also where the whole policy is
 * @param limit lets the rule match only beyond a rate; null: it matches always
 * @param event at most so many events; null: none
 * @param message for events; null if not given
 * @param id for events; 0 if not given
 * @param severity for events: 1, highest, to 4; 3 if not given
 */
public record RuleEntry(
        String name,
        Place place,
        VerdictChoice verdict,
        @Nullable SourceText when,
        Mode mode,
        @Nullable LimitEntry limit,
        @Nullable MarkChange mark,
        @Nullable Rate event,
        @Nullable String message,
        int id,
        int severity) {}

package dev.gavel.config;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a policy file.
 *
 * @param when its expression, not yet parsed; null: always
 * @param message for events; null if not given
 * @param id for events; 0 if not given
 * @param severity for events: 1, highest, to 4; 3 if not given
 */
public record RuleEntry(
        String name,
        Place place,
        VerdictChoice verdict,
        @Nullable SourceText when,
        @Nullable MarkChange mark,
        @Nullable String message,
        int id,
        int severity) {}

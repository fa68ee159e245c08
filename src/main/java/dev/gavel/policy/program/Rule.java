package dev.gavel.policy.program;

import dev.gavel.config.source.Place;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The identity of one rule in metrics, events and replay.
 *
 * @param index from 0, in the order of policies and of the rules in them
 * @param verdict null for a {@code continue} rule
 * @param alert the content and rate of its events; null if it has none
 */
public record Rule(
        int index,
        String policy,
        String name,
        Mode mode,
        @Nullable Verdict verdict,
        @Nullable Alert alert,
        Place place) {
    /** {@code policy/rule}, as replay and metrics name it. */
    public String path() {
        return policy + "/" + name;
    }
}

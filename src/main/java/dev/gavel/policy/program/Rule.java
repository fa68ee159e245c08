package dev.gavel.policy.program;

import dev.gavel.config.source.Place;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What identifies one rule of a program in metrics, events and replay.
 *
 * @param index from 0, in the order of policies and of their rules
 * @param verdict null: continue
 * @param alert what its events say; null: it has none
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

package dev.gavel.policy.program;

import dev.gavel.config.source.Place;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Verdict;
import java.util.Locale;
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
    /** Whether a rule decides or only says what it would have decided. */
    public enum Mode {
        ENFORCE,
        SHADOW;

        /** As metrics write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code policy/rule}, as replay and metrics name it. */
    public String path() {
        return policy + "/" + name;
    }
}

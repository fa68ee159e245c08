package dev.gavel.policy.program;

import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A rule in shadow mode, or the default of a policy in shadow mode.
 *
 * @param rule null: the default
 * @param verdict what it would have decided; null: nothing, a continue
 */
public record Shadow(
        String policy, @Nullable Rule rule, @Nullable Verdict verdict) {
    /** {@code policy/rule}; of a default {@code policy}. */
    public String path() {
        return rule == null ? policy : rule.path();
    }

    /** The verdict's word, or {@code continue}. */
    public String word() {
        return verdict == null ? "continue" : verdict.kind().word();
    }
}

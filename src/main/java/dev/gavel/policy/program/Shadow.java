package dev.gavel.policy.program;

import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A rule in shadow mode, or the default of a policy in shadow mode.
 *
 * @param rule null if this is a default
 * @param verdict the verdict it would have given; null for a {@code continue} rule
 */
public record Shadow(
        String policy, @Nullable Rule rule, @Nullable Verdict verdict) {
    /** {@code policy/rule} for a rule, {@code policy} for a default. */
    public String path() {
        return rule == null ? policy : rule.path();
    }

    /** The verdict's word, or {@code continue}. */
    public String word() {
        return verdict == null ? "continue" : verdict.kind().word();
    }
}

package dev.gavel.policy.program;

import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A guard, rule or default that was evaluated for a packet, with its result, for an explanation.
 *
 * @param policy null for the daemon's default
 * @param rule null for a guard or a default
 * @param verdict verdict of the rule or default; null for a guard or a {@code continue} rule
 * @param value value of the expression; for a rule or default combined with its guard, and FALSE if the packet is
 *     within the rate of the limit
 * @param asked the tests evaluated for this value, in order of evaluation
 */
public record Visit(
        Kind kind,
        @Nullable String policy,
        @Nullable Rule rule,
        @Nullable Verdict verdict,
        Mode mode,
        Truth value,
        List<Asked> asked) {
    public Visit {
        asked = List.copyOf(asked);
    }

    public enum Kind {
        GUARD,
        RULE,
        DEFAULT
    }

    /**
     * One test of an expression.
     *
     * @param test as the policy writes it
     * @param fields the packet's values of the fields that the test reads, by field name
     */
    public record Asked(String test, Truth value, Map<String, String> fields) {}
}

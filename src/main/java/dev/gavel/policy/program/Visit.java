package dev.gavel.policy.program;

import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A guard, rule or default that a packet met on its way through the policies, for an explanation.
 *
 * @param policy null: the daemon's default
 * @param rule null: a guard or a default
 * @param verdict of the rule or default; null: none, a guard or a continue
 * @param value of its expression, for a rule or default combined with the guard; false if within the rate of its limit
 * @param asked the tests evaluated for this value, in their order
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

    /** What was visited. */
    public enum Kind {
        GUARD,
        RULE,
        DEFAULT
    }

    /**
     * One test of an expression.
     *
     * @param test as the policy writes it
     * @param fields the packet's values of the fields that the test asks for, by name
     */
    public record Asked(String test, Truth value, Map<String, String> fields) {}
}

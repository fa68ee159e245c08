package dev.gavel.policy.program;

import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A guard, rule or default on a packet's way through the policies, as an explanation tells it.
 *
 * @param policy null: the daemon's default
 * @param rule null: a guard or a default
 * @param verdict of the rule or default; null: none, a guard or a continue
 * @param value of its expression, of a rule and a default behind the guard; false also within the rate of a limit
 * @param asked tests that the value came from, in the order they were asked
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
     * @param fields what the packet has of the fields it asks for, by name
     */
    public record Asked(String test, Truth value, Map<String, String> fields) {}
}

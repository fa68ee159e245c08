package dev.gavel.policy.program;

import dev.gavel.config.MarkChange;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A rule or a default, compiled. Immutable, but for the buckets of its limit.
 *
 * @param noted the condition with notes, for explanations
 * @param limit null: it matches at any rate
 * @param verdict null: continue
 * @param markValue bits to set in those of {@code markMask}
 * @param rule null: a default
 * @param policy null: the daemon's default
 * @param shadow null: it decides
 */
public record Step(
        Condition condition,
        Condition noted,
        @Nullable Limit limit,
        @Nullable Verdict verdict,
        int markValue,
        int markMask,
        @Nullable Rule rule,
        @Nullable String policy,
        @Nullable Shadow shadow) {
    /** Of a policy, or of the daemon if that is null; {@code mark} is that of a repeat. */
    public static Step byDefault(
            @Nullable Verdict verdict, @Nullable MarkChange mark, @Nullable String policy, Mode mode) {
        Shadow shadow = policy == null || mode == Mode.ENFORCE ? null : new Shadow(policy, null, verdict);
        return of(Condition.ALWAYS, null, verdict, mark, null, policy, shadow);
    }

    public static Step ofRule(Rule rule, Condition condition, @Nullable Limit limit, @Nullable MarkChange mark) {
        Shadow shadow = rule.mode() == Mode.ENFORCE ? null : new Shadow(rule.policy(), rule, rule.verdict());
        return of(condition, limit, rule.verdict(), mark, rule, rule.policy(), shadow);
    }

    private static Step of(
            Condition condition,
            @Nullable Limit limit,
            @Nullable Verdict verdict,
            @Nullable MarkChange mark,
            @Nullable Rule rule,
            @Nullable String policy,
            @Nullable Shadow shadow) {
        int value = mark == null ? 0 : mark.value();
        int mask = mark == null ? 0 : mark.mask();
        return new Step(condition.plain(), condition, limit, verdict, value, mask, rule, policy, shadow);
    }

    /**
     * Its value behind {@code guard}, which is not false. The limit is asked last, and takes a token of true values
     * only. A packet that a repeat has marked is not repeated again.
     */
    Truth value(Truth guard, Facts facts) {
        Truth value = comesBack(facts) ? Truth.FALSE : guard.and(condition.value(facts));
        return limit == null || value != Truth.TRUE ? value : limit.exceededBy(facts);
    }

    boolean comesBack(Facts facts) {
        return verdict == Verdict.REPEAT && ((int) facts.number(Field.MARK) & markMask) == markValue;
    }

    boolean passes() {
        return verdict != null && !verdict.blocks();
    }
}

package dev.gavel.policy.program;

import dev.gavel.config.MarkChange;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/** A rule or a default, compiled. Immutable, but for the buckets of its limit. */
public final class Step {
    private final Condition condition;
    private final Condition noted;
    private final @Nullable Limit limit;
    private final @Nullable Verdict verdict;
    private final int markValue;
    private final int markMask;
    private final @Nullable Rule rule;
    private final @Nullable String policy;
    private final @Nullable Shadow shadow;

    private Step(Rule rule, Condition noted, @Nullable Limit limit, @Nullable MarkChange mark) {
        this.noted = noted;
        condition = noted.plain();
        this.limit = limit;
        verdict = rule.verdict();
        markValue = mark == null ? 0 : mark.value();
        markMask = mark == null ? 0 : mark.mask();
        this.rule = rule;
        policy = rule.policy();
        shadow = rule.mode() == Mode.ENFORCE ? null : new Shadow(rule.policy(), rule, verdict);
    }

    private Step(@Nullable Verdict verdict, @Nullable MarkChange mark, @Nullable String policy, Mode mode) {
        noted = Condition.Constant.ALWAYS;
        condition = Condition.Constant.ALWAYS;
        limit = null;
        this.verdict = verdict;
        markValue = mark == null ? 0 : mark.value();
        markMask = mark == null ? 0 : mark.mask();
        rule = null;
        this.policy = policy;
        shadow = policy == null || mode == Mode.ENFORCE ? null : new Shadow(policy, null, verdict);
    }

    /** The default of {@code policy}, or of the daemon if that is null; {@code mark} is that of a repeat. */
    public static Step byDefault(
            @Nullable Verdict verdict, @Nullable MarkChange mark, @Nullable String policy, Mode mode) {
        return new Step(verdict, mark, policy, mode);
    }

    /** {@code noted}: the rule's condition, with notes; {@code limit} null: it matches at any rate. */
    public static Step ofRule(Rule rule, Condition noted, @Nullable Limit limit, @Nullable MarkChange mark) {
        return new Step(rule, noted, limit, mark);
    }

    Condition condition() {
        return condition;
    }

    /** The condition with notes, for explanations. */
    Condition noted() {
        return noted;
    }

    /** Null: it matches at any rate. */
    @Nullable
    Limit limit() {
        return limit;
    }

    /** Null: continue. */
    @Nullable
    Verdict verdict() {
        return verdict;
    }

    /** Bits to set in those of {@link #markMask}. */
    int markValue() {
        return markValue;
    }

    /** Bits of the mark that change; 0: none. */
    int markMask() {
        return markMask;
    }

    /** Null: a default. */
    @Nullable
    Rule rule() {
        return rule;
    }

    /** Null: the daemon's default. */
    @Nullable
    String policy() {
        return policy;
    }

    /** Null: it decides. */
    @Nullable
    Shadow shadow() {
        return shadow;
    }

    /**
     * Its value after {@code guard}, which is not false. The limit is asked last, and only if all else is true, so that
     * no other packet takes a token. A packet that a repeat has marked is not repeated again.
     */
    Truth value(Truth guard, Facts facts) {
        Truth value = comesBack(facts) ? Truth.FALSE : guard.and(condition.value(facts));
        return limit == null || value != Truth.TRUE ? value : limit.exceededBy(facts);
    }

    /** Whether this step repeats packets, and the packet has the mark of one that was repeated. */
    boolean comesBack(Facts facts) {
        return verdict == Verdict.REPEAT && ((int) facts.number(Field.MARK) & markMask) == markValue;
    }

    /** Whether it lets packets pass that it decides on. */
    boolean passes() {
        return verdict != null && !verdict.blocks();
    }
}

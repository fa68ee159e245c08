package dev.gavel.policy.program;

import dev.gavel.config.MarkChange;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/** A compiled rule or default. Immutable except for the buckets of its limit. */
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

    /**
     * Creates the default of {@code policy}, or of the daemon if that is null; {@code mark} is set only if the default
     * is a repeat.
     */
    public static Step byDefault(
            @Nullable Verdict verdict, @Nullable MarkChange mark, @Nullable String policy, Mode mode) {
        return new Step(verdict, mark, policy, mode);
    }

    /**
     * Creates a rule's step. {@code noted} is its condition with notes; {@code limit} is null if the rule matches at
     * any rate.
     */
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

    /** The limit; null if the step matches at any rate. */
    @Nullable
    Limit limit() {
        return limit;
    }

    /** The verdict; null for a {@code continue} rule. */
    @Nullable
    Verdict verdict() {
        return verdict;
    }

    /** The new value of the mark bits in {@link #markMask}. */
    int markValue() {
        return markValue;
    }

    /** The bits of the mark to change; 0 if there are none. */
    int markMask() {
        return markMask;
    }

    /** The rule; null if this step is a default. */
    @Nullable
    Rule rule() {
        return rule;
    }

    /** The policy; null for the daemon's default. */
    @Nullable
    String policy() {
        return policy;
    }

    /** The shadow entry of this step; null if the step is enforced. */
    @Nullable
    Shadow shadow() {
        return shadow;
    }

    /**
     * The value of this step, given the value of its policy's guard, which is not FALSE. The limit is evaluated last,
     * and only if everything else is TRUE, so that no other packet takes a token. A packet that carries the mark of a
     * repeat is not repeated again.
     */
    Truth value(Truth guard, Facts facts) {
        Truth value = comesBack(facts) ? Truth.FALSE : guard.and(condition.value(facts));
        return limit == null || value != Truth.TRUE ? value : limit.exceededBy(facts);
    }

    /** Whether this step repeats packets, and the packet has the mark of one that was repeated. */
    boolean comesBack(Facts facts) {
        return verdict == Verdict.REPEAT && ((int) facts.number(Field.MARK) & markMask) == markValue;
    }

    /** Whether this step has a verdict that does not block. */
    boolean passes() {
        return verdict != null && !verdict.blocks();
    }
}

package dev.gavel.policy;

import dev.gavel.config.MarkChange;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/** A rule or a default, compiled. Immutable. */
final class Step {
    private final Condition condition;
    private final @Nullable Verdict verdict;
    private final int markValue;
    private final int markMask;
    private final @Nullable Rule rule;
    private final @Nullable String policy;

    /** {@code verdict} null: continue; {@code rule} null: a default; {@code policy} null too: the daemon's. */
    Step(
            Condition condition,
            @Nullable Verdict verdict,
            @Nullable MarkChange mark,
            @Nullable Rule rule,
            @Nullable String policy) {
        this.condition = condition;
        this.verdict = verdict;
        this.markValue = mark == null ? 0 : mark.value();
        this.markMask = mark == null ? 0 : mark.mask();
        this.rule = rule;
        this.policy = policy;
    }

    /** A packet that a repeat has marked is not repeated again. */
    Truth value(Facts facts) {
        boolean comesBack = verdict == Verdict.REPEAT && ((int) facts.number(Field.MARK) & markMask) == markValue;
        return comesBack ? Truth.FALSE : condition.value(facts);
    }

    @Nullable
    Verdict verdict() {
        return verdict;
    }

    boolean passes() {
        return verdict != null && !verdict.blocks();
    }

    int markValue() {
        return markValue;
    }

    int markMask() {
        return markMask;
    }

    @Nullable
    Rule rule() {
        return rule;
    }

    @Nullable
    String policy() {
        return policy;
    }
}

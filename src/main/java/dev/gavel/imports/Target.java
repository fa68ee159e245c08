package dev.gavel.imports;

import org.jspecify.annotations.Nullable;

/** What a rule does with the packets that it matches. */
sealed interface Target {
    /** Gives a verdict, in the words of the policy language; {@code remark}: how it differs from the rule's. */
    record Verdict(String words, @Nullable String remark) implements Target {}

    /** Sets the bits of {@code mask} to {@code value}, within it, and goes on; mask 0: nothing but going on. */
    record Mark(long value, long mask) implements Target {}

    /** Tries the rules of another chain, then continues after this rule. */
    record Jump(String chain) implements Target {}

    /** Tries the rules of another chain, then continues where the end of this chain would lead. */
    record Goto(String chain) implements Target {}

    /** Leaves the chain. */
    record Return() implements Target {}
}

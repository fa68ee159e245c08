package dev.gavel.policy.program;

/**
 * A rule with a limit.
 *
 * @param text all that the rule means, in words, and what the lists hold that it names: while it stays the same over a reload, so do the buckets
 */
public record LimitedRule(Rule rule, String text, Buckets buckets) {}

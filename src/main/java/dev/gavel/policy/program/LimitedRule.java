package dev.gavel.policy.program;

/**
 * A rule with a limit.
 *
 * @param text fingerprint of the rule and its lists; the buckets survive a reload if it is unchanged
 */
public record LimitedRule(Rule rule, String text, Buckets buckets) {}

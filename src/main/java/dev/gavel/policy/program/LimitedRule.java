package dev.gavel.policy.program;

/**
 * A rule with a limit.
 *
 * @param text fingerprint of the rule and its lists; if a reload leaves it unchanged, the new program takes over
 *     the buckets
 */
public record LimitedRule(Rule rule, String text, Buckets buckets) {}

package dev.gavel.policy.program;

import dev.gavel.queue.Verdict;

/** What {@code policy} says of packets that meet its guard and cannot be judged, or not in time. */
public record OverloadVerdict(String policy, Verdict verdict) {}

package dev.gavel.policy.program;

import dev.gavel.queue.Verdict;

/** The verdict that {@code policy} gives to packets that match its guard but could not be judged, or not in time. */
public record OverloadVerdict(String policy, Verdict verdict) {}

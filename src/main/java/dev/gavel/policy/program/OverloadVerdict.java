package dev.gavel.policy.program;

import dev.gavel.queue.Verdict;

/** The verdict of {@code policy} on packets that match its guard but cannot be judged, or not in time. */
public record OverloadVerdict(String policy, Verdict verdict) {}

/**
 * Counters and histograms that one thread writes and any thread reads, without locks or allocation. The owner of a
 * {@code Counter} or {@code Histogram} documents which thread writes it, and exposes only the read-only view: {@code
 * Count} or {@code Distribution}.
 */
@NullMarked
package dev.gavel.counters;

import org.jspecify.annotations.NullMarked;

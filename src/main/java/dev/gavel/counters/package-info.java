/**
 * Numbers that one thread writes and any thread reads, without locks and without allocation. Whoever counts owns a
 * {@code Counter} or {@code Histogram}, says which thread writes it, and shows others only its reading side:
 * {@code Count} or {@code Distribution}.
 */
@NullMarked
package dev.gavel.counters;

import org.jspecify.annotations.NullMarked;

/**
 * Numbers that one thread writes and any thread reads, without locks and without allocation. Whoever counts owns the
 * counter; the writer is the thread named where the counter is declared.
 */
@NullMarked
package dev.gavel.counters;

import org.jspecify.annotations.NullMarked;

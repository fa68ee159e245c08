/**
 * Compiled conditions, each of which is true, false or still open for a packet. Immutable and shared by all judging
 * threads.
 */
@NullMarked
package dev.gavel.policy.condition;

import org.jspecify.annotations.NullMarked;

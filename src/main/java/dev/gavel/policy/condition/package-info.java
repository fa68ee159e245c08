/**
 * Compiled tests, each true, false or still open for a packet. Immutable and shared by all threads that judge.
 */
@NullMarked
package dev.gavel.policy.condition;

import org.jspecify.annotations.NullMarked;

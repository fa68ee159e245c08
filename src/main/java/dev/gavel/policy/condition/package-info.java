/**
 * Compiled tests: what is true, false or open of a packet. Immutable and shared by all threads that judge.
 */
@NullMarked
package dev.gavel.policy.condition;

import org.jspecify.annotations.NullMarked;

/**
 * Finds the steps of a program that a packet can match, by its header fields and patterns. The index is immutable and
 * shared; candidates belong to the thread that judges.
 */
@NullMarked
package dev.gavel.policy.index;

import org.jspecify.annotations.NullMarked;

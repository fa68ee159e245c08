/**
 * Finds the steps of a program that a packet can match, by the packet's header fields and patterns. The index is
 * immutable and shared; candidates belong to the judging thread.
 */
@NullMarked
package dev.gavel.policy.index;

import org.jspecify.annotations.NullMarked;

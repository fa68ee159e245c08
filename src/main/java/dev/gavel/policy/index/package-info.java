/**
 * Which steps of a program a packet can match at all, found by its header fields and patterns. The index is immutable and
 * shared; candidates belong to the thread that judges.
 */
@NullMarked
package dev.gavel.policy.index;

import org.jspecify.annotations.NullMarked;

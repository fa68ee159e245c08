/**
 * What a program asks of a packet: the fields of the language, and {@link dev.gavel.policy.facts.Facts}, by which the
 * engine answers. Answers belong to the thread that judges.
 */
@NullMarked
package dev.gavel.policy.facts;

import org.jspecify.annotations.NullMarked;

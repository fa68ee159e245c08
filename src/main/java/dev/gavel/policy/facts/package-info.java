/**
 * The fields of the policy language, and {@link dev.gavel.policy.facts.Facts}, through which a program reads them from
 * the engine. {@code Facts} belong to the thread that judges; the other types are immutable.
 */
@NullMarked
package dev.gavel.policy.facts;

import org.jspecify.annotations.NullMarked;

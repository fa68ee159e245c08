/**
 * Compiled policies and how they judge: steps, limits, shadows, and the explanation of a verdict. Programs are shared
 * and immutable but for the buckets of limits, from which all threads take; an evaluation and its findings belong to
 * one judging thread.
 */
@NullMarked
package dev.gavel.policy.program;

import org.jspecify.annotations.NullMarked;

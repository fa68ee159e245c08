/**
 * Compiled policies and their evaluation: steps, limits, shadows, and the explanation of a verdict. Programs are shared
 * and immutable except for the buckets of limits, from which all threads take tokens. An evaluation and its findings
 * belong to one judging thread.
 */
@NullMarked
package dev.gavel.policy.program;

import org.jspecify.annotations.NullMarked;

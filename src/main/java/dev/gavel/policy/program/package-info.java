/**
 * Compiled policies and how they judge: steps, limits, shadows, and the explanation of a verdict. Programs are shared and
 * immutable but for the buckets of limits, which all threads take from; a judgement belongs to the thread that judges.
 */
@NullMarked
package dev.gavel.policy.program;

import org.jspecify.annotations.NullMarked;

/**
 * Judges one packet with one generation of policies: decodes it, evaluates the policies, and returns a verdict and its
 * reason. An {@link dev.gavel.engine.Inspector} belongs to one thread and shares nothing but the immutable generation.
 * See {@code dev.gavel.pipeline} for the copies of a verdict and their owners.
 */
@NullMarked
package dev.gavel.engine;

import org.jspecify.annotations.NullMarked;

/**
 * Judges one packet with one generation of policies: decodes it, asks the policies, and says verdict and reason. An
 * {@link dev.gavel.engine.Inspector} belongs to one thread and shares nothing but the immutable generation. Who holds
 * which copy of a verdict says {@code dev.gavel.pipeline}.
 */
@NullMarked
package dev.gavel.engine;

import org.jspecify.annotations.NullMarked;

/**
 * Judges one packet with one generation of policies: decodes it, asks the policies, and says verdict and reason. An
 * {@link dev.gavel.engine.Inspector} belongs to one thread and shares nothing but the immutable generation.
 *
 * <p>A verdict is held three times, each time by who may change it. {@link dev.gavel.policy.program.Findings}, of the
 * inspector, says what the policies decided; the inspector's next packet overwrites it. {@link
 * dev.gavel.engine.Ruling}, of the thread that judges, says what shall be sent: the settings of the engine and the mode
 * of the queue may have their say after the policies, or instead of them. The pipeline copies that into the answer of
 * the packet's slot, as the slot may be sent later, and by another thread.
 */
@NullMarked
package dev.gavel.engine;

import org.jspecify.annotations.NullMarked;

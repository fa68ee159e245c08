/**
 * The threads between packet sources and inspectors: readers, workers, and the lanes that carry packets between them. A
 * {@link dev.gavel.pipeline.Pipeline} is started, given new generations and drained by the daemon's main thread; each
 * other class here names its owner thread.
 *
 * <p>A packet's verdict is copied three times, because each copy has a different owner and lifetime:
 *
 * <ul>
 *   <li>{@code policy.program.Findings}: the result of the policies. Owned by the inspector and valid until its next
 *       packet; refers to rules of one generation.
 *   <li>{@link dev.gavel.engine.Ruling}: the verdict of the engine. It differs from the findings if, for instance,
 *       no policy could be evaluated or the queue sends an accept as a repeat. One for each judging thread, valid
 *       until its next packet.
 *   <li>{@link dev.gavel.pipeline.Answer}: the data that the judge needs after the inspector has gone on to later
 *       packets, because a judge first sends a whole batch and then counts and reports it. One for each packet of the
 *       batch.
 *   <li>the bytes of the message to the kernel, in the {@link dev.gavel.queue.VerdictSink} of the lane. Owned by the
 *       holder of the lane's lease, the judge or its stand-in, until they are sent.
 * </ul>
 */
@NullMarked
package dev.gavel.pipeline;

import org.jspecify.annotations.NullMarked;

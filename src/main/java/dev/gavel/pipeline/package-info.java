/**
 * The threads between a packet source and the inspectors: readers, workers, and the lanes by which packets go from one
 * to the other. A {@link dev.gavel.pipeline.Pipeline} is started, given new generations and drained by the daemon's
 * main thread; each other class here names its own.
 *
 * <p>A packet's verdict is copied three times, since each copy has another owner and another lifetime:
 *
 * <ul>
 *   <li>{@code policy.program.Findings}: what the policies say. Owned by the inspector, valid until its next packet;
 *       they refer to rules of one generation.
 *   <li>{@link dev.gavel.engine.Ruling}: what the engine makes of it, for instance where no policy could be asked, or
 *       where the queue sends an accept as a repeat. One for each thread that judges, valid until its next packet.
 *   <li>{@link dev.gavel.pipeline.Answer}: what the judge must still know once the inspector is at later packets, since
 *       it sends a whole batch first, then counts it and tells of it. One for each packet of the batch.
 *   <li>the bytes of the message to the kernel, in the {@link dev.gavel.queue.VerdictSink} of the lane. Owned by the
 *       holder of the lane's lease, the judge or its stand-in, until they are flushed.
 * </ul>
 */
@NullMarked
package dev.gavel.pipeline;

import org.jspecify.annotations.NullMarked;

/**
 * The live packet source: binds to the kernel's packet queues (nfnetlink_queue), receives packets and sends verdicts.
 * A {@link dev.gavel.nfqueue.QueueSocket} belongs to its reader's thread, a {@link dev.gavel.nfqueue.VerdictBatch} to
 * the thread that judges; both may use the one socket at the same time.
 */
@NullMarked
package dev.gavel.nfqueue;

import org.jspecify.annotations.NullMarked;

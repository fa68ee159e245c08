/**
 * The contract between whoever brings packets and whoever judges them: packets, verdicts, and nothing of how they
 * arrive. A packet carries what was learned of it on its way. Objects here belong to the thread that holds the packet.
 */
@NullMarked
package dev.gavel.queue;

import org.jspecify.annotations.NullMarked;

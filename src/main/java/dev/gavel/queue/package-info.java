/**
 * The contract between packet sources and the code that judges packets: packets and verdicts, but not how packets
 * arrive. A packet carries the data derived from it so far. Objects here belong to the thread that holds the packet.
 */
@NullMarked
package dev.gavel.queue;

import org.jspecify.annotations.NullMarked;

/**
 * Packets from capture files (pcap, pcapng) as a packet source, and the frames that pass back into a file. One thread
 * reads, judges and writes.
 */
@NullMarked
package dev.gavel.capture;

import org.jspecify.annotations.NullMarked;

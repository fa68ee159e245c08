/**
 * What the bytes of one packet say: header fields of IPv4, IPv6, TCP, UDP, ICMP and SCTP, the hash that brings both
 * directions of a flow together, checksums, and the bytes of forged answers. No I/O and no state between packets. A
 * {@link dev.gavel.packet.PacketView} belongs to one thread; all else is immutable or stateless.
 */
@NullMarked
package dev.gavel.packet;

import org.jspecify.annotations.NullMarked;

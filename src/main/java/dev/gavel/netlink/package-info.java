/**
 * Netlink messages and attributes, written and read in a caller's buffer; no I/O. Header fields are in host order,
 * which is little-endian on every machine we run on. Writers and views belong to one thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/netlink.7.html">netlink(7)</a>
 */
@NullMarked
package dev.gavel.netlink;

import org.jspecify.annotations.NullMarked;

package dev.gavel.packet;

/** What came of decoding one packet. */
public enum Decoding {
    /** All headers are there and agree with the packet's length. An unknown protocol is no fault. */
    OK,
    /** Neither IPv4 nor IPv6, or no bytes at all. */
    NOT_IP,
    /** Headers that lie, or end before they are whole; {@link PacketView#malformedLayer} says which. */
    MALFORMED,
    /** The headers go on beyond the bytes that were captured; nothing can be said against those that were. */
    CUT
}

package dev.gavel.packet;

/** Whether a packet's L4 checksum can be judged. */
public enum ChecksumState {
    /** It is what the receiver will see. */
    COMPLETE,
    /** A super-packet, or one whose checksum the network card is to finish: it says nothing. */
    NOT_READY
}

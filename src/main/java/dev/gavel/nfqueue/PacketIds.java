package dev.gavel.nfqueue;

/** The ids of one binding in the order of their packets, and how many are missing. Belongs to the queue's reader. */
final class PacketIds {
    private int expected = 1; // the kernel numbers the packets of each binding from 1

    /**
     * Takes the id of the next packet, unsigned; after 2^32 - 1 comes 0.
     *
     * @return how many ids were left out before it; 0 for one that is not ahead of the last, from which the count goes
     *     on
     */
    int gapBefore(int id) {
        int gap = id - expected; // wraps around with the ids
        expected = id + 1;
        return Math.max(0, gap);
    }
}

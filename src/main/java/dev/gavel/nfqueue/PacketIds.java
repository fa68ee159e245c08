package dev.gavel.nfqueue;

/** Counts the packet ids missing from the sequence of one binding. Belongs to the queue's reader. */
final class PacketIds {
    private int expected = 1; // the kernel numbers the packets of each binding from 1

    /**
     * Takes the id of the next packet, unsigned; after 2^32 - 1 comes 0.
     *
     * @return number of ids skipped before it; 0 if it is not ahead of the last one. Counting continues from it either
     *     way
     */
    int gapBefore(int id) {
        int gap = id - expected; // wraps around with the ids
        expected = id + 1;
        return Math.max(0, gap);
    }
}

package dev.gavel.sys;

import static dev.gavel.sys.PatternLibrary.MEMORY;

/**
 * Native memory for one scanner's scans: the arguments of {@link ScanCode}'s call of the library, and the ids that a
 * scan has found, each once. Belongs to one thread, and must not be freed while that thread is in a scan.
 *
 * <pre>
 *  0  database       16  callback      32  u32 patterns      40  bits: one a pattern, set if found
 *  8  scratch        24  hs_scan       36  u32 found         48  u32 ids, in the order found
 * </pre>
 */
final class FoundPatterns {
    static final int DATABASE = 0;
    static final int SCRATCH = 8;
    static final int CALLBACK = 16;
    static final int SCAN = 24;
    static final int PATTERNS = 32;
    static final int FOUND = 36;
    static final int BITS = 40;
    static final int IDS = 48;

    private final long address;
    private final long bits;
    private final int patterns;

    /** Memory for ids from 0 to {@code patterns - 1}; all addresses are 0 at first. */
    FoundPatterns(int patterns) {
        this.patterns = patterns;
        long words = patterns / Long.SIZE + 1L;
        long idBytes = (patterns + 1L) / 2 * Long.BYTES;
        address = MEMORY.allocateMemory(IDS + idBytes + words * Long.BYTES, true);
        bits = address + IDS + idBytes;
        MEMORY.putInt(address + PATTERNS, patterns);
        MEMORY.putAddress(address + BITS, bits);
    }

    long address() {
        return address;
    }

    /** Sets one of the leading addresses. */
    void put(int field, long value) {
        MEMORY.putAddress(address + field, value);
    }

    /** How many ids were added. */
    int size() {
        return MEMORY.getInt(address + FOUND);
    }

    /** An id, by {@code index} from 0 to {@link #size} - 1. */
    int id(int index) {
        return MEMORY.getInt(address + IDS + (long) index * Integer.BYTES);
    }

    /** Adds {@code id} unless it is there already; false once all ids are found. {@link ScanCode} does the same. */
    boolean add(int id) {
        if (id < 0 || id >= patterns) {
            return false;
        }
        long word = word(id);
        long old = MEMORY.getLong(word);
        if ((old & 1L << id) != 0) {
            return true;
        }
        MEMORY.putLong(word, old | 1L << id);
        int size = size();
        MEMORY.putInt(address + IDS + (long) size * Integer.BYTES, id);
        MEMORY.putInt(address + FOUND, size + 1);
        return size + 1 < patterns;
    }

    private long word(int id) {
        return bits + id / Long.SIZE * (long) Long.BYTES;
    }

    void clear() {
        for (int i = size() - 1; i >= 0; i--) {
            MEMORY.putLong(word(id(i)), 0);
        }
        MEMORY.putInt(address + FOUND, 0);
    }

    void free() {
        MEMORY.freeMemory(address);
    }
}

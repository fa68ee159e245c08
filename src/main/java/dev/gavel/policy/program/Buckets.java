package dev.gavel.policy.program;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The token buckets of one rule, by key. Shared by all threads that judge: lock-free, allocates nothing.
 *
 * <p>A bucket is one number, the time at which it will be full again; taking tokens moves it on (the virtual scheduling
 * of the Generic Cell Rate Algorithm, ITU-T I.371, annex A). There is a token while that time is less than burst − 1
 * tokens ahead. A packet may take more tokens than there are, and leaves a debt: were it refused instead, one longer
 * than the burst could never pass. Times are ticks of a power of two nanoseconds, as fine as the longest debt allows,
 * and are compared by their difference, so that they may wrap around.
 *
 * <p>The table is two-way: a key belongs to two sets of sixteen buckets, and a new key goes to the set with fewer
 * buckets in use, so that hardly any bucket is evicted before the table is 90 % full. A full bucket says no more than
 * none at all, so its place is free; if there is no such place, the fullest bucket, the least used, is evicted. A key
 * is a keyed hash of 64 bits: neither do two collide, nor can a sender aim at a set, without guessing it.
 *
 * <p>A bucket's time is claimed by compare-and-set before its tag is written. Two threads that add the same key at the
 * same time, or meet a bucket that is just changing its key, may let one packet too many pass.
 */
public final class Buckets {
    /** Buckets of a rule with {@code per}. */
    public static final int KEYS = 65_536;
    /** Memory of the buckets of such a rule, in bytes. */
    public static final long BYTES = 16L * KEYS;

    private static final int WAYS = 16;
    private static final int WORDS = 2; // of a bucket: its key's tag (0: it has no key) and when it will be full
    private static final int FULL_AT = 1;
    private static final int FINEST = 8; // 1/256 ns: 64 bits then wrap after two years
    private static final long MOST_TOKENS = 1 << 20; // no packet is longer
    private static final double SECOND_NS = 1e9;
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L; // 2^64 over it: an odd factor without a pattern

    private final AtomicLongArray words;
    private final int ways;
    private final int setMask;
    private final AtomicLong evicted;
    private final long emptyKey;
    private final long multiplier;

    private final int shift;
    private final double ticksPerToken;
    private final long room; // how far ahead of now the time of a bucket with a token may be
    private final long farthest; // ahead of now; beyond it the clock has jumped, or wrapped around

    /**
     * Buckets of {@code burst} tokens, filled by {@code count} in {@code perNs} nanoseconds.
     *
     * @param keys 1, or {@link #KEYS}
     * @param evicted counts the buckets in use that were evicted
     * @param random must be unpredictable to senders, or they can aim at a set
     */
    public Buckets(long count, long perNs, long burst, int keys, AtomicLong evicted, Random random) {
        words = new AtomicLongArray(keys * WORDS);
        ways = Math.min(WAYS, keys);
        setMask = keys / ways - 1;
        this.evicted = evicted;
        emptyKey = random.nextLong();
        multiplier = random.nextLong() | 1;
        double nsPerToken = (double) perNs / count;
        double farthestNs = (burst + MOST_TOKENS) * nsPerToken + SECOND_NS;
        shift = Math.min(FINEST, 60 - Math.getExponent(farthestNs));
        ticksPerToken = Math.scalb(nsPerToken, shift);
        room = (long) ((burst - 1) * ticksPerToken);
        farthest = (long) Math.scalb(farthestNs, shift);
    }

    /** The key of an empty list of values. */
    long emptyKey() {
        return emptyKey;
    }

    /** The key of the values of {@code key}, followed by {@code value}. */
    long key(long key, long value) {
        long mixed = key ^ value;
        return (mixed * multiplier) ^ Math.multiplyHigh(mixed, multiplier);
    }

    /** How many buckets in use were evicted. Any thread. */
    public AtomicLong evicted() {
        return evicted;
    }

    /** Fills all buckets. Only while nobody takes tokens. */
    void clear() {
        for (int i = 0; i < words.length(); i++) {
            words.set(i, 0);
        }
    }

    /** Takes {@code tokens} from the bucket of {@code key} if it has at least one token; returns whether it had. */
    boolean take(long key, long nowNs, long tokens) {
        long tag = spread(key);
        long now = shift >= 0 ? nowNs << shift : nowNs >> -shift;
        long cost = Math.max(1, (long) (Math.min(tokens, MOST_TOKENS) * ticksPerToken));
        while (true) {
            int known = find(tag);
            int bucket = known >= 0 ? known : leastUsed(tag, now);
            long fullAt = words.get(bucket + FULL_AT);
            long debt = debt(fullAt, now);
            if (known >= 0 && debt > room) {
                return false;
            }
            long next = now + cost + (known >= 0 ? debt : 0);
            if (words.compareAndSet(bucket + FULL_AT, fullAt, next)) {
                if (known < 0 && words.getAndSet(bucket, tag) != 0 && debt > 0) {
                    evicted.incrementAndGet();
                }
                return true;
            }
        }
    }

    /**
     * The tag of {@code key}, whose halves choose its two sets. Without this mixing, keys of neighbouring values crowd
     * into a few sets under one secret in sixteen. One to one, except that 0 becomes 1: no tag is 0.
     */
    private static long spread(long key) {
        long mixed = (key ^ key >>> 32) * GOLDEN_RATIO;
        long tag = mixed ^ mixed >>> 32;
        return tag == 0 ? 1 : tag;
    }

    private int find(long tag) {
        int bucket = findIn(firstSet(tag), tag);
        return bucket >= 0 ? bucket : findIn(secondSet(tag), tag);
    }

    private int findIn(int set, long tag) {
        for (int bucket = set; bucket < set + ways * WORDS; bucket += WORDS) {
            if (words.get(bucket) == tag) {
                return bucket;
            }
        }
        return -1;
    }

    /** Index of the first word of one of the two sets of {@code tag}. */
    private int firstSet(long tag) {
        return ((int) tag & setMask) * ways * WORDS;
    }

    private int secondSet(long tag) {
        return ((int) (tag >>> 32) & setMask) * ways * WORDS;
    }

    private int leastUsed(long tag, long now) {
        int first = firstSet(tag);
        int second = secondSet(tag);
        return leastUsedIn(inUse(second, now) < inUse(first, now) ? second : first, now);
    }

    private int inUse(int set, long now) {
        int count = 0;
        for (int bucket = set; bucket < set + ways * WORDS; bucket += WORDS) {
            count += debtOf(bucket, now) > 0 ? 1 : 0;
        }
        return count;
    }

    private int leastUsedIn(int set, long now) {
        int least = set;
        for (int bucket = set + WORDS; bucket < set + ways * WORDS; bucket += WORDS) {
            least = debtOf(bucket, now) < debtOf(least, now) ? bucket : least;
        }
        return least;
    }

    private long debtOf(int bucket, long now) {
        return words.get(bucket) == 0 ? 0 : debt(words.get(bucket + FULL_AT), now);
    }

    /** Ticks until a bucket is full; 0: it is. */
    private long debt(long fullAt, long now) {
        long debt = fullAt - now;
        return debt > 0 && debt <= farthest ? debt : 0;
    }
}

package dev.gavel.policy.program;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The token buckets of one rule, by key. Shared by all judging threads: lock-free, allocates nothing.
 *
 * <p>A bucket is one number: the time at which it will be full again. Taking tokens moves that time later (the virtual
 * scheduling of the Generic Cell Rate Algorithm, ITU-T I.371, annex A). The bucket has a token as long as that time is
 * at most burst − 1 tokens ahead of now. A packet may take more tokens than the bucket has and leave it in debt;
 * otherwise a packet longer than the burst could never pass. Times are in ticks of a power of two nanoseconds, as fine
 * as the longest debt allows, and are compared by their difference, so they may wrap around.
 *
 * <p>The table is two-way: a key belongs to two sets of sixteen buckets. A new key goes to the set with fewer buckets
 * in use, so hardly any bucket is evicted before the table is 90 % full. A full bucket is equivalent to no bucket, so
 * its place can be reused. If a set has no full bucket, the one closest to full is evicted. Keys are keyed 64-bit
 * hashes: without knowing the secret, a sender can neither make two keys collide nor aim at a set.
 *
 * <p>A bucket's time is claimed by compare-and-set before its tag is written. If two threads add the same key at the
 * same time, or one reads a bucket whose key is being replaced, one packet too many may pass.
 */
public final class Buckets {
    /** Number of buckets of a rule with {@code per}. */
    public static final int KEYS = 65_536;
    /** Memory that the buckets of a rule with {@code per} take, in bytes. */
    public static final long BYTES = 16L * KEYS;

    private static final int WAYS = 16;
    // words of a bucket: its key's tag (0: no key), and the time when it will be full
    private static final int WORDS = 2;
    private static final int FULL_AT = 1;
    private static final int FINEST = 8; // finest tick is 2^-8 ns: a 64-bit time then wraps around after two years
    private static final long MOST_TOKENS = 1 << 20; // above the length of any packet in bytes
    private static final double SECOND_NS = 1e9;
    // 2^64 divided by the golden ratio: an odd factor with well-mixed bits
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    private final AtomicLongArray words;
    private final int ways;
    private final int setMask;
    private final AtomicLong evicted;
    private final long emptyKey;
    private final long multiplier;

    private final int shift;
    private final double ticksPerToken;
    private final long room; // ticks: a bucket has a token if its time is at most this far ahead of now
    private final long farthest; // ticks ahead of now; a time beyond this means that the clock jumped or wrapped around

    /**
     * Buckets of {@code burst} tokens, refilled by {@code count} tokens every {@code perNs} nanoseconds.
     *
     * @param keys 1, or {@link #KEYS}
     * @param evicted incremented for each bucket in use that is evicted
     * @param random must be unpredictable to senders, otherwise they could aim packets at one set of buckets
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

    /** The key that results from appending {@code value} to the values of {@code key}. */
    long key(long key, long value) {
        long mixed = key ^ value;
        return (mixed * multiplier) ^ Math.multiplyHigh(mixed, multiplier);
    }

    /** The number of buckets in use that were evicted. Any thread. */
    public AtomicLong evicted() {
        return evicted;
    }

    /** Refills all buckets. Call only while no thread takes tokens. */
    void clear() {
        for (int i = 0; i < words.length(); i++) {
            words.set(i, 0);
        }
    }

    /** Takes {@code tokens} from the bucket of {@code key} if it has at least one token; returns whether it did. */
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
     * The tag of {@code key}, whose halves choose its two sets. Without this mixing, one secret in sixteen would put
     * the keys of neighbouring values into just a few sets. One to one, except that 0 becomes 1, since tag 0 means no
     * key.
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

    /** Index of the first word of the first of the two sets of {@code tag}. */
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

    /** Ticks until a bucket is full; 0 if it is full already. */
    private long debt(long fullAt, long now) {
        long debt = fullAt - now;
        return debt > 0 && debt <= farthest ? debt : 0;
    }
}

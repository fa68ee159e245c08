package dev.gavel.policy.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gavel.kit.Seeds;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
    private static final long SECOND = 1_000_000_000;
    private static final long HOUR = 3600 * SECOND;

    private final AtomicLong evicted = new AtomicLong();

    private Buckets one(long count, long perNs, long burst) {
        return new Buckets(count, perNs, burst, 1, evicted, new Random(Seeds.take()));
    }

    private Buckets many(long count, long perNs, long burst) {
        return new Buckets(count, perNs, burst, Buckets.KEYS, evicted, new Random(Seeds.take()));
    }

    @Test
    void givesTheBurstAtOnceAndThenTheRate() {
        Buckets buckets = one(10, SECOND, 20);
        assertThat(taken(buckets, 5, 0, 100)).isEqualTo(20);
        assertThat(taken(buckets, 5, SECOND / 10 - 1, 100)).isZero();
        assertThat(taken(buckets, 5, SECOND / 10, 100)).isEqualTo(1);
        assertThat(taken(buckets, 5, SECOND, 100)).isEqualTo(9);
        assertThat(taken(buckets, 5, HOUR, 100)).isEqualTo(20);
    }

    @Test
    void keepsABucketForEachKey() {
        Buckets buckets = many(1, HOUR, 2);
        for (long key = 0; key < 1000; key++) {
            assertThat(taken(buckets, key * 0x9e3779b97f4a7c15L, 7, 5)).isEqualTo(2);
        }
        assertThat(evicted).hasValue(0);
    }

    @Test
    void letsALongPacketGoIntoDebt() {
        Buckets buckets = one(1024, SECOND, 1024);
        assertThat(buckets.take(1, 0, 1000)).isTrue();
        assertThat(buckets.take(1, 0, 4096)).isTrue();
        assertThat(buckets.take(1, 3 * SECOND, 1)).isFalse();
        assertThat(buckets.take(1, 4 * SECOND, 1)).isTrue();
    }

    @Test
    void bearsTheGreatestBurstAtTheLowestRate() {
        Buckets buckets = one(1, HOUR, 1_000_000_000);
        assertThat(taken(buckets, 1, 0, 1_000_000)).isEqualTo(1_000_000);
        Buckets bytes = one(1024, HOUR, 1L << 40);
        for (long i = 0; i < 1L << 20; i++) {
            assertThat(bytes.take(1, 0, 1 << 20)).isTrue();
        }
        assertThat(bytes.take(1, 0, 1)).isFalse();
    }

    @Test
    void countsOnWhereTheClockWrapsAround() {
        Buckets buckets = one(1000, SECOND, 3);
        long start = Long.MAX_VALUE - SECOND / 2;
        assertThat(taken(buckets, 1, start, 10)).isEqualTo(3);
        for (int ms = 1; ms < 1000; ms++) {
            assertThat(taken(buckets, 1, start + ms * 1_000_000L, 10)).isEqualTo(1);
        }
    }

    @Test
    void bearsAClockThatGoesBack() {
        Buckets buckets = one(10, SECOND, 20);
        long now = 1_800_000_000 * SECOND;
        assertThat(taken(buckets, 1, now, 100)).isEqualTo(20);
        assertThat(taken(buckets, 1, now - SECOND / 2, 100)).isZero();
        assertThat(taken(buckets, 1, now + SECOND, 100)).isEqualTo(10);
        // Far back there is no waiting for the time that was: the key begins anew.
        assertThat(taken(buckets, 1, now - 400 * 24 * HOUR, 100)).isEqualTo(20);
        assertThat(taken(buckets, 1, now - 400 * 24 * HOUR + SECOND, 100)).isEqualTo(10);
    }

    @Test
    void evictsTheLeastUsedWhenFull() {
        Buckets buckets = many(1, HOUR, 10);
        long busy = 0x1234567890abcdefL;
        assertThat(taken(buckets, busy, 0, 10)).isEqualTo(10);
        Random random = new Random(1);
        for (int i = 0; i < Buckets.KEYS * 90L / 100; i++) {
            buckets.take(random.nextLong(), 0, 1);
        }
        assertThat(evicted.get()).isLessThan(50);
        for (int i = 0; i < 2 * Buckets.KEYS; i++) {
            buckets.take(random.nextLong(), 0, 1);
        }
        assertThat(evicted.get()).isBetween(Buckets.KEYS * 19L / 10, Buckets.KEYS * 2L);
        assertThat(taken(buckets, busy, 0, 10)).isZero();
    }

    @Test
    void takesThePlaceOfFullBucketsWithoutAnEviction() {
        Buckets buckets = many(1, SECOND, 1);
        Random random = new Random(2);
        for (int i = 0; i < 10 * Buckets.KEYS; i++) {
            buckets.take(random.nextLong(), i * (SECOND / 20_000), 1); // 20,000 are in use at a time
        }
        assertThat(evicted).hasValue(0);
    }

    /** Whatever the secret of the table: neighbouring addresses, networks, and those that differ in the upper half. */
    @ParameterizedTest
    @ValueSource(longs = {1, 256, 65_536, 1L << 32})
    void spreadsNeighbouringValues(long step) {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int table = 0; table < 40; table++) {
            evicted.set(0);
            Buckets buckets = new Buckets(1, HOUR, 1, Buckets.KEYS, evicted, random);
            long key = buckets.key(buckets.key(buckets.emptyKey(), 4), 0);
            long refused = 0;
            for (long i = 0; i < Buckets.KEYS * 90L / 100; i++) {
                refused += buckets.take(buckets.key(key, 0x0a000000 + i * step), 0, 1) ? 0 : 1;
            }
            assertThat(refused).isZero();
            assertThat(evicted.get()).as("table %d, seed %d", table, seed).isLessThan(50);
        }
    }

    /** Against a bucket of exact fractions, wherever rounding cannot decide. */
    @Test
    void agreesWithAnExactBucket() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        long[] periods = {SECOND, 60 * SECOND, HOUR};
        int compared = 0;
        for (int round = 0; round < 400; round++) {
            long count = 1 + (long) Math.pow(10, random.nextDouble() * 6);
            long perNs = periods[random.nextInt(periods.length)];
            long burst = 1 + random.nextInt(40) * (random.nextInt(3) == 0 ? 1000L : 1);
            int longest = random.nextBoolean() ? 1 : 2000;
            int keys = 1 + random.nextInt(2) * 2;
            Buckets buckets = keys == 1 ? one(count, perNs, burst) : many(count, perNs, burst);
            Map<Long, ExactBucket> exact = new HashMap<>();
            long now = random.nextLong();
            for (int i = 0; i < 500; i++) {
                double pauses = -Math.log(1 - random.nextDouble()) * perNs / count * (random.nextInt(4) == 0 ? 20 : 1);
                now += (long) (pauses * longest / 2);
                long key = random.nextInt(keys) + 1L;
                long tokens = 1L + random.nextInt(longest);
                ExactBucket expected = exact.computeIfAbsent(key, k -> new ExactBucket(count, perNs, burst));
                expected.fill(now);
                boolean got = buckets.take(key, now, tokens);
                if (!expected.isClose()) {
                    compared++;
                    assertThat(got)
                            .as("seed %d, round %d, packet %d: %d/%d ns, burst %d", seed, round, i, count, perNs, burst)
                            .isEqualTo(expected.hasToken());
                }
                if (got) {
                    expected.take(tokens);
                }
            }
        }
        assertThat(compared).as("seed %d", seed).isGreaterThan(150_000);
    }

    /** Tokens in units of 1/perNs, so that a nanosecond brings {@code count} of them. */
    private static final class ExactBucket {
        private final BigInteger count;
        private final BigInteger token;
        private final BigInteger capacity;
        private BigInteger level;
        private long filled;
        private boolean used;

        ExactBucket(long count, long perNs, long burst) {
            this.count = BigInteger.valueOf(count);
            token = BigInteger.valueOf(perNs);
            capacity = token.multiply(BigInteger.valueOf(burst));
            level = capacity;
        }

        void fill(long now) {
            if (used) {
                level = level.add(BigInteger.valueOf(now - filled).multiply(count))
                        .min(capacity);
            }
            used = true;
            filled = now;
        }

        boolean hasToken() {
            return level.compareTo(token) >= 0;
        }

        /** Within a thousandth of a token, or what comes in a microsecond: 500 rounded costs may turn it. */
        boolean isClose() {
            BigInteger margin = token.divide(BigInteger.valueOf(1000)).max(count.multiply(BigInteger.valueOf(1000)));
            return level.subtract(token).abs().compareTo(margin) <= 0;
        }

        void take(long tokens) {
            level = level.subtract(token.multiply(BigInteger.valueOf(tokens)));
        }
    }

    @Test
    void holdsTheRateOverFourThreads() throws Exception {
        int threads = 4;
        int rounds = 250_000; // a microsecond each, 250 ms in all
        for (int keys : new int[] {1, 7}) {
            Buckets buckets = keys == 1 ? one(100_000, SECOND, 100) : many(100_000, SECOND, 100);
            AtomicLong clock = new AtomicLong();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<Integer>> passed = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                passed.add(pool.submit(() -> {
                    int taken = 0;
                    for (int i = 0; i < rounds; i++) {
                        long now = clock.addAndGet(1000 / threads);
                        taken += buckets.take(1 + i % keys, now, 1) ? 1 : 0;
                    }
                    return taken;
                }));
            }
            long sum = 0;
            for (Future<Integer> taken : passed) {
                sum += taken.get();
            }
            pool.shutdown();
            long expected = keys * (100 + 100_000 * (long) rounds / 1_000_000);
            assertThat(sum).isBetween(expected * 9 / 10, expected * 11 / 10);
        }
        assertThat(evicted).hasValue(0);
    }

    /** The table is full and keys come and go; what must hold is that each take ends, and gives no more than it may. */
    @Test
    void staysWithinTheRateWhileThreadsEvictEachOther() throws Exception {
        int threads = 4;
        Buckets buckets = many(1, HOUR, 1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Integer>> passed = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int own = thread;
            passed.add(pool.submit(() -> {
                Random random = new Random(own);
                int taken = 0;
                for (int i = 0; i < 500_000; i++) {
                    taken += buckets.take(random.nextLong(), 0, 1) ? 1 : 0;
                }
                return taken;
            }));
        }
        for (Future<Integer> taken : passed) {
            assertThat(taken.get()).isEqualTo(500_000); // each key is new
        }
        pool.shutdown();
        assertThat(evicted.get()).isBetween(2_000_000L - Buckets.KEYS - 1000, 2_000_000L - Buckets.KEYS * 9 / 10);
    }

    @Test
    void allocatesNothing() {
        Buckets buckets = many(1000, SECOND, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        takeMany(buckets, 100_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        takeMany(buckets, 1_000_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(evicted.get()).isPositive();
    }

    private static void takeMany(Buckets buckets, int times) {
        for (int i = 0; i < times; i++) {
            buckets.take(buckets.key(buckets.emptyKey(), i & 0xfffff), i * 10L, 1);
        }
    }

    private static int taken(Buckets buckets, long key, long now, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += buckets.take(key, now, 1) ? 1 : 0;
        }
        return taken;
    }
}

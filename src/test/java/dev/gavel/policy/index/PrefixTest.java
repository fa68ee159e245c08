package dev.gavel.policy.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import dev.gavel.policy.condition.NumberRanges.Range;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.syntax.Address;
import dev.gavel.policy.syntax.AddressRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixTest {
    @Test
    void coversEveryRangeOfABytesValuesAndLessThanTwiceAsMuch() {
        for (int first = 0; first < 256; first++) {
            for (int last = first; last < 256; last++) {
                List<Prefix> prefixes = new ArrayList<>();
                Prefix.cover(Field.IP_PROTO, new Range(first, last), prefixes);
                boolean[] covered = new boolean[256];
                int size = 0;
                for (Prefix prefix : prefixes) {
                    for (int i = 0; i < 256 >> prefix.length(); i++) {
                        covered[(int) prefix.low() + i] = true;
                        size++;
                    }
                }
                for (int value = first; value <= last; value++) {
                    assertThat(covered[value])
                            .as("%d of %d..%d", value, first, last)
                            .isTrue();
                }
                assertThat(prefixes.size()).as("%d..%d", first, last).isLessThanOrEqualTo(2);
                assertThat(size).as("%d..%d", first, last).isLessThan(2 * (last - first + 1));
            }
        }
    }

    @Test
    void coversRangesOfIpv6Addresses() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Address a = address(random);
            Address b = random.nextInt(4) == 0 ? a.last(random.nextInt(129)) : address(random);
            AddressRange range = a.compareTo(b) <= 0 ? new AddressRange(a, b) : new AddressRange(b, a);
            List<Prefix> prefixes = new ArrayList<>();
            Prefix.cover(Field.IP_SRC, range, prefixes);
            BigInteger size = BigInteger.ZERO;
            for (Prefix prefix : prefixes) {
                size = size.add(BigInteger.ONE.shiftLeft(128 - prefix.length()));
            }
            BigInteger wanted =
                    number(range.last()).subtract(number(range.first())).add(BigInteger.ONE);
            assertThat(holds(prefixes, range.first()))
                    .as("seed %d, %s", seed, range)
                    .isTrue();
            assertThat(holds(prefixes, range.last()))
                    .as("seed %d, %s", seed, range)
                    .isTrue();
            assertThat(size)
                    .as("seed %d, %s", seed, range)
                    .isBetween(wanted, wanted.shiftLeft(1).subtract(BigInteger.ONE));
        }
    }

    private static Address address(Random random) {
        long high = random.nextInt(3) == 0 ? 0x20010db8L << 32 : random.nextLong() >> random.nextInt(64);
        return new Address(6, high, random.nextInt(3) == 0 ? 0 : random.nextLong() >> random.nextInt(64));
    }

    private static boolean holds(List<Prefix> prefixes, Address address) {
        return prefixes.stream().anyMatch(prefix -> {
            Address lowest = address.first(prefix.length());
            return lowest.high() == prefix.high() && lowest.low() == prefix.low();
        });
    }

    private static BigInteger number(Address address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(address.low())));
    }

    @Test
    void takesNumbersBeyondAFieldsBitsForTheHighest() {
        List<Prefix> prefixes = new ArrayList<>();
        Prefix.cover(Field.DST_PORT, new Range(65_535, Long.MAX_VALUE), prefixes);
        assertThat(prefixes).containsExactly(new Prefix(Field.DST_PORT, 16, 16, 0, 65_535));
        assertThat(Prefix.clamp(70_000, 16)).isEqualTo(65_535);
    }
}

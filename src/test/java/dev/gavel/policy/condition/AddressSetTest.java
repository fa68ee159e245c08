package dev.gavel.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gavel.kit.Seeds;
import dev.gavel.policy.syntax.Address;
import dev.gavel.policy.syntax.AddressRange;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressSetTest {
    private static final int SETS = 2_000;
    private static final int ADDRESSES = 50;

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);

    @Test
    void agreesWithALookAtEachRange() {
        int inside = 0;
        for (int i = 0; i < SETS; i++) {
            List<AddressRange> ranges = ranges(random.nextInt(1 << random.nextInt(8)));
            AddressSet set = AddressSet.of(ranges);
            List<AddressRange> merged = set.ranges();
            assertThat(merged).as("seed %d: %s", seed, ranges).hasSize(set.size());
            List<Address> probes = new ArrayList<>(List.of(lowest(4), lowest(6), highest(4), highest(6)));
            for (int j = 0; j < ADDRESSES; j++) {
                probes.add(probe(ranges));
            }
            for (Address probe : probes) {
                boolean expected = ranges.stream().anyMatch(range -> holds(range, probe));
                assertThat(contains(set, probe))
                        .as("seed %d: %s in %s", seed, probe, ranges)
                        .isEqualTo(expected)
                        .isEqualTo(merged.stream().anyMatch(range -> holds(range, probe)));
                inside += expected ? 1 : 0;
            }
        }
        assertThat(inside).as("seed %d: addresses inside", seed).isBetween(SETS, SETS * (ADDRESSES + 3));
    }

    @Test
    void agreesWithALookAtEachRangeAmongManyHostsOfFewNetworks() {
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Address host = new Address(6, 0x20010db8_00000000L | random.nextInt(3), random.nextInt(10_000));
            ranges.add(new AddressRange(host, host));
        }
        ranges.add(range("ff00::", 8));
        AddressSet set = AddressSet.of(ranges);
        for (int i = 0; i < 3_000; i++) {
            Address probe = new Address(6, 0x20010db8_00000000L | random.nextInt(4), random.nextInt(10_000));
            assertThat(contains(set, probe))
                    .as("seed %d: %s", seed, probe)
                    .isEqualTo(ranges.stream().anyMatch(range -> holds(range, probe)));
        }
    }

    @Test
    void mergesRangesThatOverlapOrTouch() {
        List<AddressRange> ranges =
                List.of(range("10.0.1.0", 24), range("10.0.0.0", 24), range("10.0.1.7", 32), range("::", 128));
        assertThat(AddressSet.of(ranges).ranges()).containsExactly(range("10.0.0.0", 23), range("::", 128));
        assertThat(AddressSet.of(List.of(range("::", 0), range("ff00::", 8))).ranges())
                .containsExactly(range("::", 0));
    }

    @Test
    void holdsNothingWhereThereIsNoRange() {
        AddressSet none = AddressSet.of(List.of());
        assertThat(contains(none, lowest(4))).isFalse();
        assertThat(contains(none, highest(6))).isFalse();
    }

    @Test
    void holdsAllOfOneVersionAndNothingOfTheOther() {
        AddressSet all4 = AddressSet.of(List.of(range("0.0.0.0", 0)));
        AddressSet all6 = AddressSet.of(List.of(range("8000::", 1), range("::", 1)));
        for (Address address : List.of(lowest(4), highest(4), Address.parse("10.0.0.1"))) {
            assertThat(contains(all4, address)).isTrue();
            assertThat(contains(all6, address)).isFalse();
        }
        for (Address address : List.of(lowest(6), highest(6), Address.parse("2001:db8::1"))) {
            assertThat(contains(all4, address)).isFalse();
            assertThat(contains(all6, address)).isTrue();
        }
    }

    @Test
    void allocatesNothingWhenAsked() {
        AddressSet set = AddressSet.of(ranges(1_000));
        count(set, 100_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        count(set, 1_000_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    private static int count(AddressSet set, int times) {
        int inside = 0;
        for (int i = 0; i < times; i++) {
            inside += set.containsIpv4(i * 4001L & 0xffff_ffffL) || set.containsIpv6(i * 0x123456789abcdefL, i) ? 1 : 0;
        }
        return inside;
    }

    private static boolean contains(AddressSet set, Address address) {
        return address.version() == 4
                ? set.containsIpv4(address.low())
                : set.containsIpv6(address.high(), address.low());
    }

    private static boolean holds(AddressRange range, Address address) {
        return range.first().version() == address.version()
                && range.first().compareTo(address) <= 0
                && range.last().compareTo(address) >= 0;
    }

    private List<AddressRange> ranges(int count) {
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Address address = address();
            Address other = address();
            int kind = random.nextInt(10);
            if (kind == 0 && !ranges.isEmpty()) {
                ranges.add(ranges.get(random.nextInt(ranges.size())));
            } else if (kind == 1 && !ranges.isEmpty()) { // begins right behind another
                Address last = ranges.get(random.nextInt(ranges.size())).last();
                ranges.add(new AddressRange(next(last, 1), next(last, 1)));
            } else if (kind == 2 && other.version() == address.version()) {
                boolean ordered = address.compareTo(other) <= 0;
                ranges.add(ordered ? new AddressRange(address, other) : new AddressRange(other, address));
            } else {
                int length = random.nextInt(20) == 0 ? 0 : address.bits() - random.nextInt(address.bits());
                ranges.add(new AddressRange(address.first(length), address.last(length)));
            }
        }
        return ranges;
    }

    /** Anywhere, or close to others, or at an end of all. */
    private Address address() {
        boolean ipv4 = random.nextBoolean();
        int kind = random.nextInt(4);
        if (kind == 0) {
            return random.nextBoolean() ? lowest(ipv4 ? 4 : 6) : highest(ipv4 ? 4 : 6);
        }
        if (ipv4) {
            return new Address(4, 0, kind == 1 ? 0x0a000000L | random.nextInt(300) : random.nextInt() & 0xffff_ffffL);
        }
        long high = kind == 1 ? 0x20010db8_00000000L | random.nextInt(2) : random.nextLong();
        return new Address(6, high, kind == 2 ? random.nextLong() : random.nextInt(300));
    }

    /** An address, or an end of one of {@code ranges} or its neighbour. */
    private Address probe(List<AddressRange> ranges) {
        if (ranges.isEmpty() || random.nextInt(4) == 0) {
            return address();
        }
        AddressRange range = ranges.get(random.nextInt(ranges.size()));
        return next(random.nextBoolean() ? range.first() : range.last(), random.nextInt(3) - 1);
    }

    /** So far behind {@code address}; it goes round at the end. */
    private static Address next(Address address, int by) {
        if (address.version() == 4) {
            return new Address(4, 0, address.low() + by & 0xffff_ffffL);
        }
        long low = address.low() + by;
        int carry = by > 0 && low == 0 ? 1 : by < 0 && low == -1 ? -1 : 0;
        return new Address(6, address.high() + carry, low);
    }

    private static AddressRange range(String address, int length) {
        Address inside = Address.parse(address);
        return new AddressRange(inside.first(length), inside.last(length));
    }

    private static Address lowest(int version) {
        return new Address(version, 0, 0);
    }

    private static Address highest(int version) {
        return lowest(version).last(0);
    }
}

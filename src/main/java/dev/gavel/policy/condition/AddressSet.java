package dev.gavel.policy.condition;

import dev.gavel.policy.syntax.Address;
import dev.gavel.policy.syntax.AddressRange;
import java.util.ArrayList;
import java.util.List;

/** A set of IP addresses that may consist of millions of ranges. Immutable; lookups allocate nothing. */
public final class AddressSet {
    private final Boundaries ipv4;
    private final Boundaries ipv6;

    private AddressSet(Boundaries ipv4, Boundaries ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    public static AddressSet of(List<AddressRange> ranges) {
        Builder builder = new Builder();
        ranges.forEach(builder::add);
        return builder.build();
    }

    /** The number of {@link #ranges}. */
    public int size() {
        return ipv4.ranges() + ipv6.ranges();
    }

    /** The ranges of the set: disjoint and in ascending order, IPv4 first. */
    public List<AddressRange> ranges() {
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < ipv4.ranges(); i++) {
            Address first = new Address(4, 0, ipv4.firstHigh(i) >>> Integer.SIZE);
            ranges.add(new AddressRange(first, new Address(4, 0, ipv4.lastHigh(i) >>> Integer.SIZE)));
        }
        for (int i = 0; i < ipv6.ranges(); i++) {
            Address first = new Address(6, ipv6.firstHigh(i), ipv6.firstLow(i));
            ranges.add(new AddressRange(first, new Address(6, ipv6.lastHigh(i), ipv6.lastLow(i))));
        }
        return ranges;
    }

    /** Whether the set contains an IPv4 address, given as an unsigned number of 32 bits. */
    public boolean containsIpv4(long address) {
        return ipv4.encloses(address << Integer.SIZE, 0);
    }

    /** Whether the set contains an IPv6 address, given as its upper and its lower 64 bits. */
    public boolean containsIpv6(long high, long low) {
        return ipv6.encloses(high, low);
    }

    /** Builds a set from ranges, which may overlap and come in any order. */
    public static final class Builder {
        private final Boundaries.Builder ipv4 = new Boundaries.Builder();
        private final Boundaries.Builder ipv6 = new Boundaries.Builder();

        public void add(AddressRange range) {
            Address first = range.first();
            Address last = range.last();
            if (first.version() == 4) { // an IPv4 address is kept in the upper 32 bits of the upper 64
                ipv4.add(first.low() << Integer.SIZE, 0, last.low() << Integer.SIZE | 0xffff_ffffL, -1);
            } else {
                ipv6.add(first.high(), first.low(), last.high(), last.low());
            }
        }

        public AddressSet build() {
            return new AddressSet(ipv4.build(), ipv6.build());
        }
    }
}

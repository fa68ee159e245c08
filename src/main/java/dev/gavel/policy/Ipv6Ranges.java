package dev.gavel.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of IPv6 addresses as ascending disjoint ranges. Immutable. */
final class Ipv6Ranges {
    private final long[] firstHighs;
    private final long[] firstLows;
    private final long[] lastHighs;
    private final long[] lastLows;

    Ipv6Ranges(List<AddressRange> ranges) {
        List<AddressRange> merged = new ArrayList<>();
        ranges.stream().sorted(Comparator.comparing(AddressRange::first)).forEach(range -> {
            AddressRange before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before == null || range.first().compareTo(before.last()) > 0) {
                merged.add(range);
            } else if (range.last().compareTo(before.last()) > 0) {
                merged.set(merged.size() - 1, new AddressRange(before.first(), range.last()));
            }
        });
        firstHighs = merged.stream().mapToLong(range -> range.first().high()).toArray();
        firstLows = merged.stream().mapToLong(range -> range.first().low()).toArray();
        lastHighs = merged.stream().mapToLong(range -> range.last().high()).toArray();
        lastLows = merged.stream().mapToLong(range -> range.last().low()).toArray();
    }

    boolean contains(long high, long low) {
        int from = 0;
        int to = firstHighs.length; // the first range that begins behind the address is in from..to
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (notAbove(firstHighs[middle], firstLows[middle], high, low)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from > 0 && notAbove(high, low, lastHighs[from - 1], lastLows[from - 1]);
    }

    private static boolean notAbove(long highA, long lowA, long highB, long lowB) {
        int byHigh = Long.compareUnsigned(highA, highB);
        return byHigh < 0 || (byHigh == 0 && Long.compareUnsigned(lowA, lowB) <= 0);
    }
}

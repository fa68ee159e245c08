package dev.gavel.policy;

import java.util.List;

/** Addresses of one IP version from {@code first} to {@code last}, both included. */
record AddressRange(Address first, Address last) {
    static List<AddressRange> ofVersion(List<AddressRange> ranges, int version) {
        return ranges.stream()
                .filter(range -> range.first().version() == version)
                .toList();
    }

    /** The IPv4 ones, as numbers. */
    static NumberRanges ipv4(List<AddressRange> ranges) {
        return new NumberRanges(ofVersion(ranges, 4).stream()
                .map(range ->
                        new NumberRanges.Range(range.first().low(), range.last().low()))
                .toList());
    }
}

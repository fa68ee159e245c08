package dev.gavel.policy.index;

import dev.gavel.policy.condition.NumberRanges;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.syntax.Address;
import dev.gavel.policy.syntax.AddressRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a field that share their first {@code length} bits.
 *
 * @param bits width of the values: 32 or 128 for addresses, by IP version; {@link Field#width} for numbers
 * @param high upper half of the lowest value, as in {@code Facts.addressHigh}; 0 for numbers
 * @param low lower half of the lowest value, as in {@code Facts.addressLow}; for numbers the value
 */
public record Prefix(Field field, int bits, int length, long high, long low) {
    static final int IPV6_BITS = 128;

    /**
     * Written by hand, like {@link #equals}, because the methods generated for records would take most of the time
     * needed to build an index.
     */
    @Override
    public int hashCode() {
        long bytes = high * 31 + low;
        return (Long.hashCode(bytes) * 31 + length) * 31 + field.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Prefix that
                && low == that.low
                && high == that.high
                && length == that.length
                && field == that.field
                && bits == that.bits;
    }

    /** {@code number}, but at most the highest number of {@code bits} bits. */
    static long clamp(long number, int bits) {
        return Math.min(number, ones(bits));
    }

    /** The fraction of all values of the field that have this prefix, from 0 to 1. */
    double share() {
        return Math.scalb(1.0, -length);
    }

    /** Adds one or two prefixes that together cover the numbers of {@code range}. */
    static void cover(Field field, NumberRanges.Range range, List<Prefix> into) {
        int bits = field.width();
        cover(field, bits, 0, clamp(range.first(), bits), 0, clamp(range.last(), bits), into);
    }

    /** Adds one or two prefixes that together cover the addresses of {@code range}. */
    static void cover(Field field, AddressRange range, List<Prefix> into) {
        Address first = range.first();
        Address last = range.last();
        cover(field, first.bits(), first.high(), first.low(), last.high(), last.low(), into);
    }

    /**
     * If two prefixes cannot cover the range exactly, they also cover other values, but less than twice as many values
     * in all. Finding too many steps is harmless; but the size of an index must not depend on where ranges begin and
     * end.
     */
    private static void cover(
            Field field, int bits, long firstHigh, long firstLow, long lastHigh, long lastLow, List<Prefix> into) {
        Prefix both = enclosing(field, bits, firstHigh, firstLow, lastHigh, lastLow);
        int rest = bits - both.length;
        boolean isExact = both.high == firstHigh
                && both.low == firstLow
                && (firstHigh | highOnes(rest)) == lastHigh
                && (firstLow | ones(rest)) == lastLow;
        if (isExact) {
            into.add(both);
        } else {
            long high =
                    highOnes(rest - 1); // all bits set in the last value of the first half of `both`, clear in the next
            long low = ones(rest - 1);
            into.add(enclosing(field, bits, firstHigh, firstLow, firstHigh | high, firstLow | low));
            into.add(enclosing(field, bits, lastHigh & ~high, lastLow & ~low, lastHigh, lastLow));
        }
    }

    /** The longest prefix that both values share. */
    private static Prefix enclosing(Field field, int bits, long highA, long lowA, long highB, long lowB) {
        int rest = highA == highB
                ? Long.SIZE - Long.numberOfLeadingZeros(lowA ^ lowB)
                : IPV6_BITS - Long.numberOfLeadingZeros(highA ^ highB);
        return new Prefix(field, bits, bits - rest, highA & ~highOnes(rest), lowA & ~ones(rest));
    }

    /** The lower half of a 128-bit number whose last {@code count} bits are set. */
    static long ones(int count) {
        return count < Long.SIZE ? (1L << count) - 1 : -1;
    }

    /** The upper half of a 128-bit number whose last {@code count} bits are set. */
    static long highOnes(int count) {
        return ones(Math.max(count - Long.SIZE, 0));
    }
}

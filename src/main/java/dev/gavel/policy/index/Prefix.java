package dev.gavel.policy.index;

import dev.gavel.policy.condition.NumberRanges;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.syntax.Address;
import dev.gavel.policy.syntax.AddressRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of a field whose first {@code length} of {@code bits} bits are the same.
 *
 * @param bits 32 or 128 of an address, by its version; of numbers {@link Field#width}
 * @param high of the lowest of these values, as {@code Facts.addressHigh}; 0 of numbers
 * @param low of the lowest of these values, as {@code Facts.addressLow}, or the number
 */
public record Prefix(Field field, int bits, int length, long high, long low) {
    static final int IPV6_BITS = 128;

    /** By hand, as is equality: building an index asks for both so often that those of records take most of its time. */
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

    /** {@code number} as a field of so many bits has it. */
    static long clamp(long number, int bits) {
        return Math.min(number, ones(bits));
    }

    /** Which part of all values these are, from 0 to 1. */
    double share() {
        return Math.scalb(1.0, -length);
    }

    /** Adds one or two prefixes that hold the numbers, of {@code range}. */
    static void cover(Field field, NumberRanges.Range range, List<Prefix> into) {
        int bits = field.width();
        cover(field, bits, 0, clamp(range.first(), bits), 0, clamp(range.last(), bits), into);
    }

    /** Adds one or two prefixes that hold the addresses of {@code range}. */
    static void cover(Field field, AddressRange range, List<Prefix> into) {
        Address first = range.first();
        Address last = range.last();
        cover(field, first.bits(), first.high(), first.low(), last.high(), last.low(), into);
    }

    /**
     * Where two prefixes do not hold exactly these values, they hold less than twice as many: an index may find too
     * much, and must not grow with where ranges end.
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
            long high = highOnes(rest - 1); // the first half of `both` ends with, the other begins without
            long low = ones(rest - 1);
            into.add(enclosing(field, bits, firstHigh, firstLow, firstHigh | high, firstLow | low));
            into.add(enclosing(field, bits, lastHigh & ~high, lastLow & ~low, lastHigh, lastLow));
        }
    }

    /** The longest prefix of both values. */
    private static Prefix enclosing(Field field, int bits, long highA, long lowA, long highB, long lowB) {
        int rest = highA == highB
                ? Long.SIZE - Long.numberOfLeadingZeros(lowA ^ lowB)
                : IPV6_BITS - Long.numberOfLeadingZeros(highA ^ highB);
        return new Prefix(field, bits, bits - rest, highA & ~highOnes(rest), lowA & ~ones(rest));
    }

    /** The lower half of a number of 128 bits of which the last {@code count} are set. */
    static long ones(int count) {
        return count < Long.SIZE ? (1L << count) - 1 : -1;
    }

    /** Its upper half. */
    static long highOnes(int count) {
        return ones(Math.max(count - Long.SIZE, 0));
    }
}

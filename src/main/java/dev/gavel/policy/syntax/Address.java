package dev.gavel.policy.syntax;

import org.jspecify.annotations.Nullable;

/** An IP address. For IPv4 {@code high} is 0 and {@code low} holds the 32 bits, unsigned. */
public record Address(int version, long high, long low) implements Comparable<Address> {
    private static final int GROUPS = 8;

    /** Parses an address; null if {@code text} is not an address, or has a zone or prefix length. */
    public static @Nullable Address parse(String text) {
        if (text.indexOf(':') < 0) {
            long ipv4 = ipv4(text);
            return ipv4 < 0 ? null : new Address(4, 0, ipv4);
        }
        int gap = text.indexOf("::");
        int[] groups = new int[GROUPS];
        if (gap < 0) {
            return groups(text, true, groups) == GROUPS ? ipv6(groups) : null;
        }
        int[] tail = new int[GROUPS];
        int before = groups(text.substring(0, gap), false, groups);
        int after = groups(text.substring(gap + 2), true, tail);
        if (before < 0 || after < 0 || before + after >= GROUPS) {
            return null;
        }
        System.arraycopy(tail, 0, groups, GROUPS - after, after);
        return ipv6(groups);
    }

    /**
     * Reads the 16-bit groups of an IPv6 address. If {@code atEnd}, the last two may be written as an IPv4 address.
     * Returns the number of groups; -1 if the text is malformed.
     */
    private static int groups(String text, boolean atEnd, int[] groups) {
        int count = 0;
        for (int start = 0; start <= text.length() && !text.isEmpty(); ) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            long ipv4 = atEnd && colon < 0 ? ipv4(text.substring(start)) : -1;
            int group = ipv4 < 0 ? hexadecimal(text, start, end) : (int) ipv4 & 0xffff;
            if (group < 0 || count + (ipv4 < 0 ? 1 : 2) > GROUPS) {
                return -1;
            }
            if (ipv4 >= 0) {
                groups[count++] = (int) (ipv4 >> 16);
            }
            groups[count++] = group;
            start = end + 1;
        }
        return count;
    }

    /** Parses one to four hexadecimal digits at {@code start} to {@code end}-1; -1 if malformed. */
    private static int hexadecimal(String text, int start, int end) {
        int number = end == start || end - start > 4 ? -1 : 0;
        for (int i = start; i < end && number >= 0; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            number = digit < 0 ? -1 : number << 4 | digit;
        }
        return number;
    }

    private static Address ipv6(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + GROUPS / 2];
        }
        return new Address(6, high, low);
    }

    /**
     * Parses an IPv4 address to an unsigned number; -1 if malformed. Written by hand for speed, because lists may hold
     * millions of addresses.
     */
    private static long ipv4(String text) {
        long value = 0;
        int numbers = 0;
        int start = 0;
        while (start <= text.length() && numbers < 4) {
            int point = text.indexOf('.', start);
            int end = point < 0 ? text.length() : point;
            int number = decimal(text, start, end);
            if (number < 0) {
                return -1;
            }
            value = value << 8 | number;
            numbers++;
            start = end + 1;
        }
        return numbers == 4 && start > text.length() ? value : -1;
    }

    /** Parses a decimal number from 0 to 255 at {@code start} to {@code end}-1; -1 if malformed. */
    private static int decimal(String text, int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) {
            number = 10 * number + (Lexer.isDigit(text.charAt(i)) ? text.charAt(i) - '0' : 256);
        }
        boolean leadingZero = end - start > 1 && text.charAt(start) == '0';
        return end == start || end - start > 3 || leadingZero || number > 255 ? -1 : number;
    }

    public int bits() {
        return version == 4 ? 32 : 128;
    }

    /** The first address of the prefix that has {@code length} bits and contains this address. */
    public Address first(int length) {
        return new Address(version, high & highMask(length), low & lowMask(length));
    }

    /** The last address of the prefix that has {@code length} bits and contains this address. */
    public Address last(int length) {
        long all = version == 4 ? 0xffff_ffffL : -1;
        long highAll = version == 4 ? 0 : -1;
        return new Address(version, high | (highAll & ~highMask(length)), low | (all & ~lowMask(length)));
    }

    private long highMask(int length) {
        return version == 4 ? 0 : ones(Math.min(length, 64), 64);
    }

    private long lowMask(int length) {
        return version == 4 ? ones(length, 32) : ones(Math.max(length - 64, 0), 64);
    }

    /** A number of {@code width} bits whose top {@code length} bits are set. */
    private static long ones(int length, int width) {
        return length == 0 ? 0 : -1L << (width - length);
    }

    @Override
    public int compareTo(Address other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The address as expressions write it. */
    @Override
    public String toString() {
        if (version == 4) {
            return (low >> 24) + "." + (low >> 16 & 0xff) + "." + (low >> 8 & 0xff) + "." + (low & 0xff);
        }
        StringBuilder groups = new StringBuilder();
        for (int shift = 112; shift >= 0; shift -= 16) {
            long group = (shift >= 64 ? high >> (shift - 64) : low >> shift) & 0xffff;
            groups.append(Long.toHexString(group)).append(shift > 0 ? ":" : "");
        }
        return groups.toString().replaceFirst("(^|:)(0(:|$)){2,}", "::");
    }
}

package dev.gavel.policy;

import org.jspecify.annotations.Nullable;

/** An IP address; of IPv4 {@code high} is 0 and {@code low} holds the 32 bits, unsigned. */
record Address(int version, long high, long low) implements Comparable<Address> {
    private static final int GROUPS = 8;

    /** The address that {@code text} writes, without zone or prefix; null if it is none. */
    static @Nullable Address parse(String text) {
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

    /** Groups of 16 bits, at the end the last two perhaps written as IPv4; how many there are, or -1. */
    private static int groups(String text, boolean atEnd, int[] groups) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = 0;
        String[] words = text.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            long ipv4 = atEnd && i == words.length - 1 && words[i].indexOf('.') >= 0 ? ipv4(words[i]) : -1;
            if (count + (ipv4 >= 0 ? 2 : 1) > GROUPS || (ipv4 < 0 && !words[i].matches("[0-9a-fA-F]{1,4}"))) {
                return -1;
            }
            if (ipv4 >= 0) {
                groups[count++] = (int) (ipv4 >> 16);
            }
            groups[count++] = ipv4 >= 0 ? (int) ipv4 & 0xffff : Integer.parseInt(words[i], 16);
        }
        return count;
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

    private static long ipv4(String text) {
        String[] words = text.split("\\.", -1);
        long value = 0;
        for (String word : words) {
            if (!word.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(word) > 255) {
                return -1;
            }
            value = value << 8 | Integer.parseInt(word);
        }
        return words.length == 4 ? value : -1;
    }

    int bits() {
        return version == 4 ? 32 : 128;
    }

    /** The first address of the prefix of {@code length} bits that this one lies in. */
    Address first(int length) {
        return new Address(version, high & highMask(length), low & lowMask(length));
    }

    /** The last address of the prefix of {@code length} bits that this one lies in. */
    Address last(int length) {
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

    /** {@code length} ones from the top of a number of {@code width} bits. */
    private static long ones(int length, int width) {
        return length == 0 ? 0 : -1L << (width - length);
    }

    @Override
    public int compareTo(Address other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
}

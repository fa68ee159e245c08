package dev.gavel.events;

/** Texts of IP addresses: dotted decimal, and for IPv6 that of RFC 5952. */
final class Addresses {
    private static final int GROUPS = 8;

    private Addresses() {}

    static String text(int version, long high, long low) {
        return version == 4 ? ipv4(low) : ipv6(high, low);
    }

    private static String ipv4(long address) {
        return (address >> 24 & 0xff) + "." + (address >> 16 & 0xff) + "." + (address >> 8 & 0xff) + "."
                + (address & 0xff);
    }

    /** The longest run of zero groups, the first of equally long ones, of at least two, becomes {@code ::}. */
    private static String ipv6(long high, long low) {
        int from = 0;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && group(high, low, i + run) == 0) {
                run++;
            }
            if (run > length) {
                from = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (length > 1 && i == from) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(i == 0 || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(group(high, low, i)));
            }
        }
        return text.toString();
    }

    private static int group(long high, long low, int index) {
        long half = index < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - 16 * (index % 4))) & 0xffff;
    }
}

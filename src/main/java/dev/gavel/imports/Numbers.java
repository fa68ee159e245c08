package dev.gavel.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Numbers, ranges and lists of them as iptables writes them. */
final class Numbers {
    private static final Pattern NUMBER = Pattern.compile("0[xX][0-9a-fA-F]{1,16}|[0-9]{1,18}");

    private Numbers() {}

    /** As strtoul(3) with base 0 reads it: 0x is hexadecimal, a leading 0 octal. */
    static long number(String text, long max) throws Untranslatable {
        try {
            if (NUMBER.matcher(text).matches()) {
                long value = Long.decode(text);
                if (value <= max) {
                    return value;
                }
            }
        } catch (NumberFormatException e) {
            // the message below says it all
        }
        throw new Untranslatable(Notes.shown(text) + " is no number from 0 to " + max);
    }

    /** {@code 5}, {@code 5:9}, {@code :9} or {@code 5:} as a value or a range of the language. */
    static String range(String text, long max) throws Untranslatable {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return String.valueOf(number(text, max));
        }
        String first = text.substring(0, colon);
        String last = text.substring(colon + 1);
        long from = first.isEmpty() ? 0 : number(first, max);
        long to = last.isEmpty() ? max : number(last, max);
        if (from > to) {
            throw new Untranslatable(Notes.shown(text) + " is an empty range");
        }
        return from == to ? String.valueOf(from) : from + ".." + to;
    }

    static List<String> ranges(String text, long max) throws Untranslatable {
        List<String> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part, max));
        }
        return ranges;
    }
}

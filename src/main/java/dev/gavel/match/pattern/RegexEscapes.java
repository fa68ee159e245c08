package dev.gavel.match.pattern;

import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Backslash escapes, inside and outside of brackets, and the named classes of bytes such as {@code [:alpha:]}. */
final class RegexEscapes {
    private static final int BYTE_VALUES = 256;
    private static final BitSet ALPHANUMERIC = ranges("09AZaz");
    private static final BitSet WORD = ranges("09AZ__az");
    private static final BitSet DIGIT = ranges("09");
    private static final BitSet SPACE = ranges("\t\n\f\r  ");
    private static final Map<String, BitSet> POSIX = Map.ofEntries(
            Map.entry("alnum", ALPHANUMERIC),
            Map.entry("alpha", ranges("AZaz")),
            Map.entry("ascii", ranges("\0\u007f")),
            Map.entry("blank", ranges("\t\t  ")),
            Map.entry("cntrl", ranges("\0\u001f\u007f\u007f")),
            Map.entry("digit", DIGIT),
            Map.entry("graph", ranges("!~")),
            Map.entry("lower", ranges("az")),
            Map.entry("print", ranges(" ~")),
            Map.entry("punct", ranges("!/:@[`{~")),
            Map.entry("space", ranges("\t\r  ")),
            Map.entry("upper", ranges("AZ")),
            Map.entry("word", WORD),
            Map.entry("xdigit", ranges("09AFaf")));
    private static final Map<Character, Integer> CONTROL = Map.of('a', 7, 't', 9, 'n', 10, 'v', 11, 'f', 12, 'r', 13);
    private static final Map<Character, String> REFUSED = Map.ofEntries(
            Map.entry('p', "Unicode class"),
            Map.entry('P', "Unicode class"),
            Map.entry('X', "Unicode class"),
            Map.entry('g', "back-reference"),
            Map.entry('k', "back-reference"),
            Map.entry('Z', "end before a last line feed"),
            Map.entry('G', "end of the last match"),
            Map.entry('K', "reset of the match"));

    private RegexEscapes() {}

    /** @param pairs first and last byte of each range, in turn */
    private static BitSet ranges(String pairs) {
        BitSet set = new BitSet(BYTE_VALUES);
        for (int i = 0; i < pairs.length(); i += 2) {
            set.set(pairs.charAt(i), pairs.charAt(i + 1) + 1);
        }
        return set;
    }

    static boolean isWord(int b) {
        return WORD.get(b);
    }

    /** A new set of all bytes that are not in {@code set}. */
    static BitSet negated(BitSet set) {
        BitSet negated = (BitSet) set.clone();
        negated.flip(0, BYTE_VALUES);
        return negated;
    }

    /** The POSIX class called {@code name}; null if there is none. */
    static @Nullable BitSet posix(String name) {
        return POSIX.get(name);
    }

    /** Reads a class such as {@code \d}; null, with {@code source} unmoved, if there is none at this place. */
    static @Nullable BitSet perlClass(RegexSource source) {
        for (Map.Entry<String, BitSet> known :
                Map.of("d", DIGIT, "s", SPACE, "w", WORD).entrySet()) {
            if (source.skip("\\" + known.getKey())) {
                return known.getValue();
            }
            if (source.skip("\\" + known.getKey().toUpperCase(Locale.ROOT))) {
                return negated(known.getValue());
            }
        }
        return null;
    }

    /**
     * Reads an escape that stands for one character. The result is above 255 only for a backslash before a Unicode
     * character.
     */
    static int character(RegexSource source) throws RegexMistake {
        int start = source.index();
        source.skip("\\");
        if (!source.hasMore()) {
            throw new RegexMistake(start, "backslash at the end", "a character behind it (\\\\ is a backslash)");
        }
        if (source.isAtDigit()) {
            return octal(source, start);
        }
        int c = source.next();
        if (c == 'x') {
            return hexadecimal(source, start);
        }
        if (!isAlphanumeric(c)) {
            return c;
        }
        Integer control = CONTROL.get((char) c);
        if (control != null) {
            return control;
        }
        throw refusal(source.since(start), start);
    }

    private static RegexMistake refusal(String escape, int start) {
        char letter = escape.charAt(escape.length() - 1);
        String expected = letter == 'Z' ? "\\z, or a line feed that is optional" : "an escape of RE2, over bytes";
        String name = REFUSED.get(letter);
        return name == null
                ? new RegexMistake(start, "unknown escape " + escape, expected)
                : new RegexMistake(start, name + " " + escape + " is not supported", expected);
    }

    private static boolean isAlphanumeric(int c) {
        return c < BYTE_VALUES / 2 && ALPHANUMERIC.get(c);
    }

    /** {@code \0} followed by up to two digits, or {@code \1} … {@code \7} followed by one or two. */
    private static int octal(RegexSource source, int start) throws RegexMistake {
        int value = 0;
        int digits = 0;
        while (digits < 3 && source.isAtOctal()) {
            value = value * 8 + (source.next() - '0');
            digits++;
        }
        if (digits == 0 || (digits == 1 && value != 0)) {
            String escape = digits == 0 ? "\\" + source.peek() : source.since(start);
            throw new RegexMistake(
                    start, "back-reference " + escape + " is not supported", "what it would repeat, written out");
        }
        return checked(value, source.since(start), start);
    }

    private static int hexadecimal(RegexSource source, int start) throws RegexMistake {
        boolean isBraced = source.skip("{");
        int first = source.index();
        int value = 0;
        while (source.hasMore() && (isBraced || source.index() < first + 2)) {
            int digit = Character.digit(source.peek(), 16);
            if (digit < 0 || source.peek() >= BYTE_VALUES / 2) {
                break;
            }
            value = Math.min(BYTE_VALUES, value * 16 + digit);
            source.next();
        }
        int digits = source.index() - first;
        if (isBraced ? digits == 0 || !source.skip("}") : digits != 2) {
            throw new RegexMistake(start, "incomplete escape \\x", "two hexadecimal digits, as in \\x0a");
        }
        return checked(value, source.since(start), start);
    }

    private static int checked(int value, String escape, int start) throws RegexMistake {
        if (value >= BYTE_VALUES) {
            throw new RegexMistake(start, escape + " is no byte", "at most \\xff (regular expressions are over bytes)");
        }
        return value;
    }
}

package dev.gavel.policy.condition;

import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.policy.syntax.Lexer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A set of host names; each entry covers the name itself, all names below it, or both. Names are compared as bytes,
 * ignoring the case of A–Z and a trailing dot. Immutable; lookups allocate nothing.
 *
 * <p>A name is hashed from its end to its beginning, so that the hash at each dot is that of a parent domain. The hash
 * is keyed, so that neither the author of a list nor the sender of a name can make entries collide.
 */
public final class DomainSet {
    /** Maximum length of a name in bytes, without the trailing dot (RFC 1035, 2.3.4, for names in text form). */
    static final int MAX_NAME = 253;

    private static final int ITSELF = 1;
    private static final int BELOW = 2;

    private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;
    private final byte[] names; // for each entry: a length byte, a byte with the bits ITSELF and BELOW, the name
    private final int[] slots; // 1 + the index in names where the entry begins; 0: empty slot
    private final int shift; // slot = hash >>> shift
    private final int longest;

    private DomainSet(byte[] names, int count) {
        this.names = names;
        slots = new int[4 * Integer.highestOneBit(Math.max(1, count))];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(slots.length);
        int longestName = 0;
        for (int entry = 0; entry < names.length; entry += 2 + length(entry)) {
            add(entry);
            longestName = Math.max(longestName, length(entry));
        }
        longest = longestName;
    }

    private int length(int entry) {
        return names[entry] & 0xff;
    }

    private void add(int entry) {
        int to = entry + 2 + length(entry);
        long hash = 0;
        for (int at = to - 1; at >= entry + 2; at--) {
            hash = hash(hash, names[at]);
        }
        int slot = slot(hash, names, entry + 2, to);
        if (slots[slot] == 0) {
            slots[slot] = entry + 1;
        } else {
            // a slot holds the index plus 1, so this is the entry's byte with the bits
            names[slots[slot]] |= names[entry + 1];
        }
    }

    private long hash(long hash, byte next) {
        return (hash + (next & 0xff) + 1) * multiplier;
    }

    /** The slot of the entry with these bytes, or the empty slot where it would be inserted. */
    private int slot(long hash, byte[] bytes, int from, int to) {
        int slot = (int) (hash >>> shift);
        while (slots[slot] != 0 && !isEntry(slots[slot] - 1, bytes, from, to)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private boolean isEntry(int entry, byte[] bytes, int from, int to) {
        if (length(entry) != to - from) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (names[entry + 2 + i] != lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte c) {
        return c >= 'A' && c <= 'Z' ? (byte) (c + 'a' - 'A') : c;
    }

    /** Whether the name in bytes {@code from} to {@code to}-1 of {@code bytes} is in the set. */
    boolean contains(byte[] bytes, int from, int to) {
        int end = to > from && bytes[to - 1] == '.' ? to - 1 : to;
        int lowest = Math.max(from, end - longest);
        long hash = 0;
        for (int at = end - 1; at >= lowest; at--) {
            hash = hash(hash, lower(bytes[at]));
            boolean itself = at == from;
            boolean below = at - 1 > from && bytes[at - 1] == '.';
            if ((itself || below) && isFor(itself ? ITSELF : BELOW, hash, bytes, at, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFor(int what, long hash, byte[] bytes, int from, int to) {
        int entry = slots[slot(hash, bytes, from, to)];
        return entry != 0 && (names[entry] & what) != 0;
    }

    /** Builds a set from entries. */
    public static final class Builder {
        private final ByteArrayOutputStream names = new ByteArrayOutputStream();
        private int count;

        /**
         * Adds {@code example.com} (itself), {@code *.example.com} (names below it) or {@code .example.com} (both).
         *
         * @throws ExpressionMistake if {@code entry} has none of these forms
         */
        public void add(String entry) throws ExpressionMistake {
            boolean both = entry.startsWith(".");
            boolean below = entry.startsWith("*.");
            int start = both ? 1 : below ? 2 : 0;
            int end = entry.endsWith(".") && entry.length() > start ? entry.length() - 1 : entry.length();
            check(entry, start, end);
            byte[] name = entry.substring(start, end).getBytes(StandardCharsets.UTF_8);
            if (name.length > MAX_NAME) {
                throw mistake(0, "host name of " + name.length + " bytes");
            }
            names.write(name.length);
            names.write(both ? ITSELF | BELOW : below ? BELOW : ITSELF);
            for (byte c : name) {
                names.write(lower(c));
            }
            count++;
        }

        private static void check(String entry, int start, int end) throws ExpressionMistake {
            int labelStart = start;
            for (int i = start; i <= end; i++) {
                char c = i == end ? '.' : entry.charAt(i);
                if (c == '.' && i == labelStart) {
                    throw mistake(i, "empty part of a host name");
                }
                if (c < 128 && c != '.' && c != '-' && !Lexer.isWordPart(c)) {
                    throw mistake(i, "found \"" + c + "\" in a host name");
                }
                labelStart = c == '.' ? i + 1 : labelStart;
            }
        }

        private static ExpressionMistake mistake(int at, String wrong) {
            return new ExpressionMistake(
                    at, wrong, "example.com, *.example.com (names below it) or .example.com (both), at most 253 bytes");
        }

        public DomainSet build() {
            return new DomainSet(names.toByteArray(), count);
        }
    }
}

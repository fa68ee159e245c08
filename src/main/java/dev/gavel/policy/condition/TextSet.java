package dev.gavel.policy.condition;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A set of texts, up to millions of them, in which slices of other texts can be looked up. Immutable; lookups allocate
 * nothing.
 */
final class TextSet {
    private final boolean ignoresCase;
    private final String[] slots; // "" marks an empty slot
    private final BitSet lengths = new BitSet();

    /** Builds the set. None of {@code texts} may be empty; {@code ignoresCase} applies to A to Z only. */
    TextSet(List<String> texts, boolean ignoresCase) {
        this.ignoresCase = ignoresCase;
        slots = new String[4 * Integer.highestOneBit(Math.max(1, texts.size()))];
        Arrays.fill(slots, "");
        for (String text : texts) {
            slots[slot(text, 0, text.length())] = text;
            lengths.set(text.length());
        }
    }

    /** Whether one of the texts is {@code length} characters long. */
    boolean hasLength(int length) {
        return lengths.get(length);
    }

    /** Whether the characters {@code from} to {@code to}-1 of {@code text} are one of the texts. */
    boolean contains(String text, int from, int to) {
        return hasLength(to - from) && !slots[slot(text, from, to)].isEmpty();
    }

    /** The slot of these characters, or the empty slot where they would be inserted. */
    private int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + folded(text.charAt(i));
        }
        int slot = (hash ^ hash >>> 16) & (slots.length - 1);
        while (!slots[slot].isEmpty() && !isSame(slots[slot], text, from, to)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private boolean isSame(String wanted, String text, int from, int to) {
        if (wanted.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (folded(wanted.charAt(i - from)) != folded(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private char folded(char c) {
        return ignoresCase && c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }
}

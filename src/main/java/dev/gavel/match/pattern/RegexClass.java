package dev.gavel.match.pattern;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Parses a bracketed class such as {@code [a-z_]}. */
final class RegexClass {
    private static final int ASCII = 128;

    private final RegexSource source;
    private final boolean isCaseless;
    private final int start;

    /** @param source positioned at the opening bracket */
    RegexClass(RegexSource source, boolean isCaseless) {
        this.source = source;
        this.isCaseless = isCaseless;
        start = source.index();
    }

    /** Returns the bytes of the class, and leaves {@code source} just after the closing bracket. */
    BitSet parse() throws RegexMistake {
        source.skip("[");
        boolean isNegated = source.skip("^");
        BitSet set = new BitSet();
        int first = source.index();
        while (source.peek() != ']' || source.index() == first) {
            BitSet named = named();
            if (named == null) {
                named = RegexEscapes.perlClass(source);
            }
            set.or(named == null ? range() : named);
        }
        source.skip("]");
        return isNegated ? RegexEscapes.negated(set) : set;
    }

    private @Nullable BitSet named() throws RegexMistake {
        int at = source.index();
        if (!source.skip("[:")) {
            return null;
        }
        String name = source.before(":]");
        if (name == null) {
            source.rewind(at);
            return null;
        }
        boolean isNegated = name.startsWith("^");
        BitSet set = RegexEscapes.posix(isNegated ? name.substring(1) : name);
        if (set == null) {
            throw new RegexMistake(at, "unknown class " + source.since(at), "a class of POSIX, as in [[:alpha:]]");
        }
        BitSet folded = isCaseless ? folded(set) : set;
        return isNegated ? RegexEscapes.negated(folded) : folded;
    }

    private BitSet range() throws RegexMistake {
        int at = source.index();
        int low = oneByte();
        int high = low;
        if (!source.isAt("-]") && source.skip("-")) {
            high = oneByte();
        }
        if (high < low) {
            throw new RegexMistake(at, "empty range " + source.since(at), "the lower end first");
        }
        BitSet set = new BitSet();
        set.set(low, high + 1);
        return isCaseless ? folded(set) : set;
    }

    private int oneByte() throws RegexMistake {
        if (!source.hasMore()) {
            throw new RegexMistake(start, "class is not closed", "a closing bracket");
        }
        int at = source.index();
        boolean isEscaped = source.isAt("\\");
        int character = isEscaped ? RegexEscapes.character(source) : source.next();
        boolean isNumber = isEscaped && source.index() > at + 2;
        if (character >= ASCII && !isNumber) {
            throw new RegexMistake(
                    at, "a character of several bytes in a class of bytes", "an alternation, as in (?:ä|ö|[ou])");
        }
        return character;
    }

    /** A copy of {@code set} with each of its ASCII letters in both cases. */
    static BitSet folded(BitSet set) {
        BitSet folded = (BitSet) set.clone();
        for (int lower = 'a'; lower <= 'z'; lower++) {
            int upper = lower - 'a' + 'A';
            if (set.get(lower) || set.get(upper)) {
                folded.set(lower);
                folded.set(upper);
            }
        }
        return folded;
    }
}

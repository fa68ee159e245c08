package dev.gavel.match.pattern;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A zero-width assertion, such as {@code ^} or {@code \b}.
 *
 * @param index of the assertion in the text of the expression
 */
record RegexAssertion(Kind kind, int index) implements RegexNode {
    /** In the order that Hyperscan requires of adjacent assertions; the order makes no difference to what matches. */
    enum Kind {
        TEXT_BEGIN("\\A"),
        LINE_BEGIN("(?m:^)"),
        WORD_BOUNDARY("\\b"),
        NO_WORD_BOUNDARY("\\B"),
        LINE_END("(?m:$)"),
        TEXT_END("\\z");

        private final String syntax;

        Kind(String syntax) {
            this.syntax = syntax;
        }
    }

    /**
     * Sorts adjacent assertions and drops those that another one implies. Where a byte that may be a line feed stands
     * right before {@code ^} or right after {@code $}, replaces the pair with a plain line feed.
     */
    static void normalize(List<RegexNode> sequence) {
        for (int i = 1; i < sequence.size(); ) {
            RegexNode before = sequence.get(i - 1);
            RegexNode after = sequence.get(i);
            RegexNode both = folded(before, after);
            if (both != null) {
                sequence.remove(i);
                sequence.set(i - 1, both);
                i = Math.max(1, i - 1);
            } else if (isUnsorted(before, after)) {
                sequence.set(i - 1, after);
                sequence.set(i, before);
                i = Math.max(1, i - 1);
            } else {
                i++;
            }
        }
    }

    private static boolean isUnsorted(RegexNode before, RegexNode after) {
        return before instanceof RegexAssertion one
                && after instanceof RegexAssertion other
                && one.kind.compareTo(other.kind) > 0;
    }

    private static @Nullable RegexNode folded(RegexNode before, RegexNode after) {
        if ((isLineFeed(before) && isKind(after, Kind.LINE_BEGIN))
                || (isKind(before, Kind.LINE_END) && isLineFeed(after))) {
            return lineFeed();
        }
        if (isBegin(before) && isKind(after, Kind.LINE_BEGIN)) {
            return before;
        }
        return isKind(before, Kind.LINE_END) && isEnd(after) ? after : null;
    }

    private static boolean isEnd(RegexNode node) {
        return isKind(node, Kind.LINE_END) || isKind(node, Kind.TEXT_END);
    }

    private static boolean isBegin(RegexNode node) {
        return isKind(node, Kind.TEXT_BEGIN) || isKind(node, Kind.LINE_BEGIN);
    }

    private static boolean isKind(RegexNode node, Kind kind) {
        return node instanceof RegexAssertion assertion && assertion.kind == kind;
    }

    private static boolean isLineFeed(RegexNode node) {
        return node instanceof RegexBytes bytes && bytes.set().get('\n');
    }

    private static RegexNode lineFeed() {
        BitSet set = new BitSet();
        set.set('\n');
        return new RegexBytes(set);
    }

    @Override
    public boolean isNullable() {
        return true;
    }

    @Override
    public boolean isZeroWidth() {
        return true;
    }

    @Override
    public boolean hasAssertion() {
        return true;
    }

    @Override
    public boolean dependsOnEnd() {
        return !isBegin(this);
    }

    @Override
    public long cost() {
        return 1;
    }

    @Override
    public void writeAtom(StringBuilder out) {
        out.append(kind.syntax);
    }

    @Override
    public void collect(RegexLiterals literals) {}

    @Override
    public long pass(long places) {
        return RegexPlaces.which(places, kind);
    }

    @Override
    public boolean checkBegins(boolean atBegin) throws RegexMistake {
        if (isBegin(this) && !atBegin) {
            String expected = kind == Kind.TEXT_BEGIN ? "it first" : "it first, or right behind \\n";
            throw new RegexMistake(index, "begin of a " + name() + " behind other bytes", expected);
        }
        return atBegin && kind == Kind.TEXT_BEGIN;
    }

    @Override
    public boolean checkEnds(boolean atEnd) throws RegexMistake {
        if (isEnd(this) && !atEnd) {
            String expected = kind == Kind.TEXT_END ? "it last" : "it last, or right before \\n";
            throw new RegexMistake(index, "end of a " + name() + " before other bytes", expected);
        }
        return atEnd && isEnd(this);
    }

    private String name() {
        return kind == Kind.TEXT_BEGIN || kind == Kind.TEXT_END ? "text" : "line";
    }
}

package dev.gavel.match;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No byte, but a kind of place.
 *
 * @param index where it stands in the expression's text
 */
record RegexAssertion(Kind kind, int index) implements RegexNode {
    enum Kind {
        TEXT_BEGIN("\\A"),
        TEXT_END("\\z"),
        LINE_BEGIN("(?m:^)"),
        LINE_END("(?m:$)"),
        WORD_BOUNDARY("\\b"),
        NO_WORD_BOUNDARY("\\B");

        private final String syntax;

        Kind(String syntax) {
            this.syntax = syntax;
        }
    }

    /**
     * Replaces {@code ^} behind a byte, and {@code $} before one, by that byte being a line feed, where it can be one;
     * and two begins in a row by the stricter one.
     */
    static void foldLines(List<RegexNode> sequence) {
        for (int i = 1; i < sequence.size(); i++) {
            RegexNode folded = folded(sequence.get(i - 1), sequence.get(i));
            if (folded != null) {
                sequence.remove(i--);
                sequence.set(i, folded);
            }
        }
    }

    private static @Nullable RegexNode folded(RegexNode before, RegexNode behind) {
        if ((isLineFeed(before) && isKind(behind, Kind.LINE_BEGIN))
                || (isKind(before, Kind.LINE_END) && isLineFeed(behind))) {
            return lineFeed();
        }
        if (isKind(before, Kind.LINE_BEGIN) && isBegin(behind)) {
            return behind;
        }
        return isKind(behind, Kind.LINE_BEGIN) && isBegin(before) ? before : null;
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
        return kind != Kind.TEXT_BEGIN && kind != Kind.LINE_BEGIN;
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
        return atBegin && kind != Kind.LINE_BEGIN;
    }

    @Override
    public boolean checkEnds(boolean atEnd) throws RegexMistake {
        boolean isEnd = kind == Kind.TEXT_END || kind == Kind.LINE_END;
        if (isEnd && !atEnd) {
            String expected = kind == Kind.TEXT_END ? "it last" : "it last, or right before \\n";
            throw new RegexMistake(index, "end of a " + name() + " before other bytes", expected);
        }
        return atEnd && isEnd;
    }

    private String name() {
        return kind == Kind.TEXT_BEGIN || kind == Kind.TEXT_END ? "text" : "line";
    }
}

package dev.gavel.match.pattern;

import java.util.BitSet;

/** Matches any one byte of {@code set}, which is never empty. */
record RegexBytes(BitSet set) implements RegexNode {
    @Override
    public boolean isNullable() {
        return false;
    }

    @Override
    public boolean isZeroWidth() {
        return false;
    }

    @Override
    public boolean hasAssertion() {
        return false;
    }

    @Override
    public boolean dependsOnEnd() {
        return false;
    }

    @Override
    public long cost() {
        return 1;
    }

    @Override
    public void writeAtom(StringBuilder out) {
        if (set.cardinality() == 1) {
            writeByte(out, set.nextSetBit(0));
            return;
        }
        out.append('[');
        for (int first = set.nextSetBit(0); first >= 0; first = set.nextSetBit(set.nextClearBit(first))) {
            int last = set.nextClearBit(first) - 1;
            writeByte(out, first);
            if (last > first) {
                writeByte(last > first + 1 ? out.append('-') : out, last);
            }
        }
        out.append(']');
    }

    private static void writeByte(StringBuilder out, int b) {
        if ((b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z')) {
            out.append((char) b);
        } else {
            out.append("\\x").append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
        }
    }

    @Override
    public void collect(RegexLiterals literals) {
        literals.add(set);
    }

    @Override
    public long pass(long places) {
        return RegexPlaces.behind(places, set);
    }

    @Override
    public boolean checkBegins(boolean atBegin) {
        return false;
    }

    @Override
    public boolean checkEnds(boolean atEnd) {
        return false;
    }
}

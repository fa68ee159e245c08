package dev.gavel.match.pattern;

/** A repeated node. The node is not zero-width: it can consume bytes. */
final class RegexRepeat implements RegexNode {
    /** Value of {@code max} for no upper limit. */
    static final int UNBOUNDED = -1;

    private static final int MAX_BYTES_COST = 32; // Hyperscan has special engines for repeats of one byte
    private static final int GROUP_COST = 6;
    private static final int PLACES_COST = 16;

    private final RegexNode node;
    private final int min;
    private final int max;
    /**
     * The result of the node's {@code pass} for each single place of {@link RegexPlaces}. Computed once: nested repeats
     * that each called it many times would take time exponential in their depth.
     */
    private final long[] once = new long[RegexPlaces.COUNT];

    RegexRepeat(RegexNode node, int min, int max) {
        this.node = node;
        this.min = min;
        this.max = max;
        for (int place = 0; place < once.length; place++) {
            once[place] = node.pass(1L << place);
        }
    }

    RegexNode node() {
        return node;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    @Override
    public boolean isNullable() {
        return min == 0 || node.isNullable();
    }

    @Override
    public boolean isZeroWidth() {
        return false;
    }

    @Override
    public boolean hasAssertion() {
        return node.hasAssertion();
    }

    @Override
    public boolean dependsOnEnd() {
        return node.dependsOnEnd();
    }

    @Override
    public long cost() {
        int times = Math.max(1, Math.max(min, max));
        if (times == 1) {
            return node.cost();
        }
        if (node instanceof RegexBytes) {
            return Math.min(times, MAX_BYTES_COST);
        }
        return node.cost() * times * (node.isNullable() && node.hasAssertion() ? PLACES_COST : GROUP_COST);
    }

    @Override
    public void writeAtom(StringBuilder out) {
        write(out.append("(?:"));
        out.append(')');
    }

    @Override
    public void write(StringBuilder out) {
        node.writeAtom(out);
        if (max == UNBOUNDED && min <= 1) {
            out.append(min == 0 ? '*' : '+');
        } else if (min == 0 && max == 1) {
            out.append('?');
        } else {
            out.append('{').append(min);
            if (max != min) {
                out.append(',').append(max == UNBOUNDED ? "" : max);
            }
            out.append('}');
        }
    }

    @Override
    public void collect(RegexLiterals literals) {
        for (int i = 0; i < min; i++) {
            node.collect(literals);
        }
        if (min != max) {
            literals.cut();
        }
    }

    @Override
    public long pass(long places) {
        long passed = places;
        for (int i = 0; i < min; i++) {
            passed = onceMore(passed);
        }
        int more = max == UNBOUNDED ? RegexPlaces.COUNT : Math.min(max - min, RegexPlaces.COUNT);
        for (int i = 0; i < more; i++) {
            passed |= onceMore(passed);
        }
        return passed;
    }

    private long onceMore(long places) {
        long passed = 0;
        for (long rest = places; rest != 0; rest &= rest - 1) {
            passed |= once[Long.numberOfTrailingZeros(rest)];
        }
        return passed;
    }

    @Override
    public boolean checkBegins(boolean atBegin) throws RegexMistake {
        boolean afterOne = node.checkBegins(atBegin);
        return (max == 1 || afterOne == atBegin) ? afterOne : node.checkBegins(afterOne);
    }

    @Override
    public boolean checkEnds(boolean atEnd) throws RegexMistake {
        boolean beforeOne = node.checkEnds(atEnd);
        return (max == 1 || beforeOne == atEnd) ? beforeOne : node.checkEnds(beforeOne);
    }
}

package dev.gavel.match.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Syntax tree of a regular expression over bytes, with flags and dialect differences resolved. Immutable. */
sealed interface RegexNode permits RegexBytes, RegexAssertion, RegexNode.Sequence, RegexNode.Choice, RegexRepeat {

    /** Whether this can match the empty string at some position. */
    boolean isNullable();

    /** Whether this consumes no bytes in any match: it only tests the position. */
    boolean isZeroWidth();

    boolean hasAssertion();

    /** Whether bytes after a match can invalidate it: it may end in an assertion such as {@code \b} or {@code $}. */
    boolean dependsOnEnd();

    /**
     * Estimated cost of compiling this, in bytes and assertions with repeats written out. The weights come from
     * measurements: within the limit, Hyperscan needs less than two seconds and 200 MB. (A compilation cannot be
     * interrupted.)
     */
    long cost();

    /** Appends this as the operand of a repeat, in syntax that PCRE and RE2 read alike. */
    void writeAtom(StringBuilder out);

    /** Appends this as an element of a sequence. */
    default void write(StringBuilder out) {
        writeAtom(out);
    }

    /** Adds the bytes that every match of this contains to {@code literals}. */
    void collect(RegexLiterals literals);

    /**
     * Returns the places (see {@link RegexPlaces}) that a match may reach after this node, given that it was at one of
     * {@code places} before this node.
     */
    long pass(long places);

    /**
     * Rejects an assertion of the start of the text or of a line, such as {@code ^}, if a byte of the same match can
     * come before it: Hyperscan does not support that.
     *
     * @param atBegin whether no byte of the match can precede this node
     * @return whether no byte of the match can precede the next node
     */
    boolean checkBegins(boolean atBegin) throws RegexMistake;

    /**
     * Like {@link #checkBegins}, but for assertions of an end such as {@code $}, and from the last node to the first.
     */
    boolean checkEnds(boolean atEnd) throws RegexMistake;

    /** Whether {@code node} is the empty sequence, which matches the empty string at any position. */
    private static boolean isEmpty(RegexNode node) {
        return node instanceof Sequence sequence && sequence.nodes.isEmpty();
    }

    /** Whether {@code node} is a choice without alternatives, which never matches. */
    private static boolean isNever(RegexNode node) {
        return node instanceof Choice choice && choice.nodes.isEmpty();
    }

    /** A node that matches all of {@code nodes}, one after the other. */
    static RegexNode sequence(List<RegexNode> nodes) {
        List<RegexNode> flat = new ArrayList<>();
        for (RegexNode node : nodes) {
            if (isNever(node)) {
                return node;
            }
            if (node instanceof Sequence inner) {
                flat.addAll(inner.nodes);
            } else {
                flat.add(node);
            }
        }
        RegexAssertion.normalize(flat);
        return flat.size() == 1 ? flat.get(0) : new Sequence(List.copyOf(flat));
    }

    /** A node that matches any one of {@code nodes}. */
    static RegexNode choice(List<RegexNode> nodes) {
        BitSet single = new BitSet();
        List<RegexNode> flat = new ArrayList<>();
        for (RegexNode node : nodes) {
            for (RegexNode part : node instanceof Choice inner ? inner.nodes : List.of(node)) {
                if (part instanceof RegexBytes bytes) {
                    single.or(bytes.set());
                } else {
                    flat.add(part);
                }
            }
        }
        if (!single.isEmpty()) {
            flat.add(new RegexBytes(single));
        }
        return flat.size() == 1 ? flat.get(0) : new Choice(List.copyOf(flat));
    }

    /**
     * A node that matches {@code node} from {@code min} to {@code max} times; {@link RegexRepeat#UNBOUNDED} as {@code
     * max}: no upper limit.
     */
    static RegexNode repeat(RegexNode node, int min, int max) {
        if (max == 0 || isEmpty(node) || (min == 0 && isNever(node))) {
            return new Sequence(List.of());
        }
        if (node.isZeroWidth()) {
            return min == 0 ? new Sequence(List.of()) : node;
        }
        return (min == 1 && max == 1) || isNever(node) ? node : new RegexRepeat(node, min, max);
    }

    /** A node that matches any one byte of {@code set}. The caller must not change the set afterwards. */
    static RegexNode bytes(BitSet set) {
        return set.isEmpty() ? new Choice(List.of()) : new RegexBytes(set);
    }

    /** A sequence of nodes, matched one after the other. */
    record Sequence(List<RegexNode> nodes) implements RegexNode {
        @Override
        public boolean isNullable() {
            return nodes.stream().allMatch(RegexNode::isNullable);
        }

        @Override
        public boolean isZeroWidth() {
            return nodes.stream().allMatch(RegexNode::isZeroWidth);
        }

        @Override
        public long pass(long places) {
            long passed = places;
            for (RegexNode node : nodes) {
                passed = node.pass(passed);
            }
            return passed;
        }

        @Override
        public boolean checkBegins(boolean atBegin) throws RegexMistake {
            boolean still = atBegin;
            for (RegexNode node : nodes) {
                still = node.checkBegins(still);
            }
            return still;
        }

        @Override
        public boolean checkEnds(boolean atEnd) throws RegexMistake {
            boolean still = atEnd;
            for (int i = nodes.size() - 1; i >= 0; i--) {
                still = nodes.get(i).checkEnds(still);
            }
            return still;
        }

        @Override
        public boolean hasAssertion() {
            return nodes.stream().anyMatch(RegexNode::hasAssertion);
        }

        @Override
        public boolean dependsOnEnd() {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                RegexNode node = nodes.get(i);
                if (node.dependsOnEnd()) {
                    return true;
                }
                if (!node.isNullable()) {
                    return false; // what follows the earlier nodes is a byte of the match itself
                }
            }
            return false;
        }

        @Override
        public long cost() {
            return nodes.stream().mapToLong(RegexNode::cost).sum();
        }

        @Override
        public void writeAtom(StringBuilder out) {
            write(out.append("(?:"));
            out.append(')');
        }

        @Override
        public void write(StringBuilder out) {
            nodes.forEach(node -> node.write(out));
        }

        @Override
        public void collect(RegexLiterals literals) {
            nodes.forEach(node -> node.collect(literals));
        }
    }

    /** A choice between nodes; without nodes it never matches. */
    record Choice(List<RegexNode> nodes) implements RegexNode {
        @Override
        public boolean isNullable() {
            return nodes.stream().anyMatch(RegexNode::isNullable);
        }

        @Override
        public boolean isZeroWidth() {
            return nodes.stream().allMatch(RegexNode::isZeroWidth);
        }

        @Override
        public long pass(long places) {
            long passed = 0;
            for (RegexNode node : nodes) {
                passed |= node.pass(places);
            }
            return passed;
        }

        @Override
        public boolean checkBegins(boolean atBegin) throws RegexMistake {
            boolean still = atBegin;
            for (RegexNode node : nodes) {
                still &= node.checkBegins(atBegin);
            }
            return still;
        }

        @Override
        public boolean checkEnds(boolean atEnd) throws RegexMistake {
            boolean still = atEnd;
            for (RegexNode node : nodes) {
                still &= node.checkEnds(atEnd);
            }
            return still;
        }

        @Override
        public boolean hasAssertion() {
            return nodes.stream().anyMatch(RegexNode::hasAssertion);
        }

        @Override
        public boolean dependsOnEnd() {
            return nodes.stream().anyMatch(RegexNode::dependsOnEnd);
        }

        @Override
        public long cost() {
            return nodes.stream().mapToLong(RegexNode::cost).sum();
        }

        @Override
        public void writeAtom(StringBuilder out) {
            String separator = "(?:";
            for (RegexNode node : nodes) {
                node.write(out.append(separator));
                separator = "|";
            }
            out.append(')');
        }

        @Override
        public void collect(RegexLiterals literals) {
            literals.cut();
        }
    }
}

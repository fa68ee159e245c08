package dev.gavel.match.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A regular expression over bytes, free of flags and of what dialects write differently. Immutable. */
sealed interface RegexNode permits RegexBytes, RegexAssertion, RegexNode.Sequence, RegexNode.Choice, RegexRepeat {

    /** Whether this can match no bytes, somewhere. */
    boolean isNullable();

    /** Whether this matches no bytes ever, but only tells places apart. */
    boolean isZeroWidth();

    boolean hasAssertion();

    /** Whether a match might be none if other bytes, or none, followed: an assertion can stand behind its last byte. */
    boolean dependsOnEnd();

    /**
     * What this costs a compiler, in bytes and assertions: repeats as if they were written out. Measured, so that
     * Hyperscan takes less than two seconds and 200 MB; a compile cannot be interrupted.
     */
    long cost();

    /** Appends this in the syntax that PCRE and RE2 read alike, as an operand of a repeat. */
    void writeAtom(StringBuilder out);

    /** Appends this, as an operand of a sequence. */
    default void write(StringBuilder out) {
        writeAtom(out);
    }

    void collect(RegexLiterals literals);

    /** Where a match may stand behind this, when it stood at one of {@code places} before it. */
    long pass(long places);

    /**
     * Hyperscan takes begins of texts and lines only where no byte can be before them in a match.
     *
     * @param atBegin whether that is so before this
     * @return whether it is so behind this
     */
    boolean checkBegins(boolean atBegin) throws RegexMistake;

    /** The same for ends, from behind. */
    boolean checkEnds(boolean atEnd) throws RegexMistake;

    /** Matches no bytes, everywhere. */
    private static boolean isEmpty(RegexNode node) {
        return node instanceof Sequence sequence && sequence.nodes.isEmpty();
    }

    /** Matches nowhere. */
    private static boolean isNever(RegexNode node) {
        return node instanceof Choice choice && choice.nodes.isEmpty();
    }

    /** All of {@code nodes}, one behind the other. */
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

    /** One of {@code nodes}. */
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

    /** {@code node}, {@code min} to {@code max} times ({@link RegexRepeat#UNBOUNDED}: or more often). */
    static RegexNode repeat(RegexNode node, int min, int max) {
        if (max == 0 || isEmpty(node) || (min == 0 && isNever(node))) {
            return new Sequence(List.of());
        }
        if (node.isZeroWidth()) {
            return min == 0 ? new Sequence(List.of()) : node;
        }
        return (min == 1 && max == 1) || isNever(node) ? node : new RegexRepeat(node, min, max);
    }

    /** One byte of {@code set}; nobody may change it any more. */
    static RegexNode bytes(BitSet set) {
        return set.isEmpty() ? new Choice(List.of()) : new RegexBytes(set);
    }

    /** One node behind the other. */
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
                    return false; // the byte behind what is before this node is one of the match's own
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

    /** One of several nodes; of none: never. */
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

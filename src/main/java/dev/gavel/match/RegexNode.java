package dev.gavel.match;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A regular expression over bytes, free of flags and of what dialects write differently. Immutable. */
sealed interface RegexNode {
    int UNBOUNDED = -1;

    /** Whether this can match no bytes, somewhere. */
    boolean isNullable();

    /** Whether it matters where the bytes end. */
    boolean dependsOnEnd();

    /** How many places of bytes and assertions there are once repeats are written out. */
    long positions();

    /** Appends this in the syntax that PCRE and RE2 read alike, as an operand of a repeat. */
    void writeAtom(StringBuilder out);

    /** Appends this, as an operand of a sequence. */
    default void write(StringBuilder out) {
        writeAtom(out);
    }

    void collect(RegexLiterals literals);

    /** Matches no bytes, everywhere. */
    private static boolean isEmpty(RegexNode node) {
        return node instanceof Sequence sequence && sequence.nodes.isEmpty();
    }

    /** Matches nowhere. */
    static boolean isNever(RegexNode node) {
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
        return flat.size() == 1 ? flat.get(0) : new Sequence(List.copyOf(flat));
    }

    /** One of {@code nodes}. */
    static RegexNode choice(List<RegexNode> nodes) {
        BitSet single = new BitSet();
        List<RegexNode> flat = new ArrayList<>();
        for (RegexNode node : nodes) {
            for (RegexNode part : node instanceof Choice inner ? inner.nodes : List.of(node)) {
                if (part instanceof Bytes bytes) {
                    single.or(bytes.set);
                } else {
                    flat.add(part);
                }
            }
        }
        if (!single.isEmpty()) {
            flat.add(new Bytes(single));
        }
        return flat.size() == 1 ? flat.get(0) : new Choice(List.copyOf(flat));
    }

    /** {@code node}, {@code min} to {@code max} times ({@link #UNBOUNDED}: or more often). */
    static RegexNode repeat(RegexNode node, int min, int max) {
        if (max == 0 || isEmpty(node) || (min == 0 && isNever(node))) {
            return new Sequence(List.of());
        }
        return (min == 1 && max == 1) || isNever(node) ? node : new Repeat(node, min, max);
    }

    /** One byte of {@code set}; nobody may change it any more. */
    static RegexNode bytes(BitSet set) {
        return set.isEmpty() ? new Choice(List.of()) : new Bytes(set);
    }

    /** One byte of a set that is not empty. */
    record Bytes(BitSet set) implements RegexNode {
        @Override
        public boolean isNullable() {
            return false;
        }

        @Override
        public boolean dependsOnEnd() {
            return false;
        }

        @Override
        public long positions() {
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
    }

    /** One node behind the other. */
    record Sequence(List<RegexNode> nodes) implements RegexNode {
        @Override
        public boolean isNullable() {
            return nodes.stream().allMatch(RegexNode::isNullable);
        }

        @Override
        public boolean dependsOnEnd() {
            return nodes.stream().anyMatch(RegexNode::dependsOnEnd);
        }

        @Override
        public long positions() {
            return nodes.stream().mapToLong(RegexNode::positions).sum();
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
        public boolean dependsOnEnd() {
            return nodes.stream().anyMatch(RegexNode::dependsOnEnd);
        }

        @Override
        public long positions() {
            return nodes.stream().mapToLong(RegexNode::positions).sum();
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

    /** A node several times. */
    record Repeat(RegexNode node, int min, int max) implements RegexNode {
        @Override
        public boolean isNullable() {
            return min == 0 || node.isNullable();
        }

        @Override
        public boolean dependsOnEnd() {
            return node.dependsOnEnd();
        }

        @Override
        public long positions() {
            return node.positions() * Math.max(1, Math.max(min, max));
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
    }

    /** No byte, but a place. */
    enum Assertion implements RegexNode {
        TEXT_BEGIN("\\A"),
        TEXT_END("\\z"),
        LINE_BEGIN("(?m:^)"),
        LINE_END("(?m:$)"),
        WORD_BOUNDARY("\\b"),
        NO_WORD_BOUNDARY("\\B");

        private final String syntax;

        Assertion(String syntax) {
            this.syntax = syntax;
        }

        @Override
        public boolean isNullable() {
            return true;
        }

        @Override
        public boolean dependsOnEnd() {
            return this != TEXT_BEGIN && this != LINE_BEGIN;
        }

        @Override
        public long positions() {
            return 1;
        }

        @Override
        public void writeAtom(StringBuilder out) {
            out.append("(?:").append(syntax).append(')');
        }

        @Override
        public void write(StringBuilder out) {
            out.append(syntax);
        }

        @Override
        public void collect(RegexLiterals literals) {}
    }
}

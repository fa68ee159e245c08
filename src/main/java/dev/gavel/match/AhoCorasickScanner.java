package dev.gavel.match;

import dev.gavel.match.LiteralPattern.Position;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** Runs a shared {@link Automaton} over packets. Belongs to one thread. */
final class AhoCorasickScanner implements Scanner {
    private final Automaton automaton;
    private final LiteralPattern[] literals;
    private final int first; // no pattern begins before
    private final int last; // no pattern ends behind

    AhoCorasickScanner(Automaton automaton, LiteralPattern[] literals) {
        this.automaton = automaton;
        this.literals = literals;
        int first = Integer.MAX_VALUE;
        int last = 0;
        for (LiteralPattern literal : literals) {
            first = Math.min(first, literal.from());
            last = Math.max(last, literal.to());
        }
        this.first = first;
        this.last = last;
    }

    @Override
    public void scan(ByteBuf buffer, int offset, int length, Hits hits) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        hits.checkFor(literals.length);
        if (!hits.isFull()) {
            search(buffer, offset, length, hits);
        }
    }

    private void search(ByteBuf buffer, int offset, int length, Hits hits) {
        int end = Math.min(length, last);
        byte[] classOf = automaton.classOf;
        int[] table = automaton.table;
        int state = Automaton.ROOT;
        for (int i = first; i < end; i++) {
            int byteClass = classOf[buffer.getByte(offset + i) & 0xff] & 0xff;
            state = state < table.length ? table[state + byteClass] : automaton.next(state, byteClass);
            if (state < 0) {
                report(state, i + 1, buffer, offset, length, hits);
                if (hits.isFull()) {
                    return;
                }
                state &= ~Automaton.EMITS;
            }
        }
    }

    /** Adds the patterns that end in {@code state}, which was reached in front of {@code end} of the searched range. */
    private void report(int state, int end, ByteBuf buffer, int offset, int length, Hits hits) {
        int node = automaton.longestEnding(state);
        while (node != Automaton.ROOT) {
            int wordsTo = automaton.wordsTo(node);
            for (int position = automaton.wordsFrom(node); position < wordsTo; position++) {
                int number = automaton.word(position);
                if (!hits.contains(number) && isHit(literals[number], end, buffer, offset, length)) {
                    hits.add(number);
                }
            }
            node = automaton.nextEnding(node);
        }
    }

    private static boolean isHit(LiteralPattern literal, int end, ByteBuf buffer, int offset, int length) {
        int start = end - literal.length();
        return start >= literal.from()
                && end <= literal.to()
                && (literal.position() == Position.ANYWHERE || end == length)
                && literal.isConfirmed(buffer, offset + start);
    }

    @Override
    public void close() {}
}

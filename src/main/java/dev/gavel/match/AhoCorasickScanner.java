package dev.gavel.match;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** Runs a shared {@link Automaton} over packets. Belongs to one thread. */
final class AhoCorasickScanner implements Scanner {
    private final Automaton automaton;
    private final Pattern[] patterns;
    private final int first; // no pattern begins before
    private final int last; // no pattern ends behind

    AhoCorasickScanner(Automaton automaton, Pattern[] patterns) {
        this.automaton = automaton;
        this.patterns = patterns;
        int first = Integer.MAX_VALUE;
        int last = 0;
        for (Pattern pattern : patterns) {
            first = Math.min(first, pattern.from());
            last = Math.max(last, pattern.to());
        }
        this.first = first;
        this.last = last;
    }

    @Override
    public void scan(ByteBuf buffer, int offset, int length, Hits hits) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        if (hits.patterns() != patterns.length) {
            throw new IllegalArgumentException(
                    "hits for " + hits.patterns() + " patterns (expected: " + patterns.length + ")");
        }
        if (!hits.isFull()) {
            search(buffer, offset, Math.min(length, last), hits);
        }
    }

    private void search(ByteBuf buffer, int offset, int end, Hits hits) {
        byte[] classOf = automaton.classOf;
        int[] table = automaton.table;
        int state = Automaton.ROOT;
        for (int i = first; i < end; i++) {
            int byteClass = classOf[buffer.getByte(offset + i) & 0xff] & 0xff;
            state = state < table.length ? table[state + byteClass] : automaton.next(state, byteClass);
            if (state < 0) {
                report(state, i + 1, buffer, offset, hits);
                if (hits.isFull()) {
                    return;
                }
                state &= ~Automaton.EMITS;
            }
        }
    }

    /** Adds the patterns that end in {@code state}, which was reached in front of {@code end} of the searched range. */
    private void report(int state, int end, ByteBuf buffer, int offset, Hits hits) {
        int node = automaton.longestEnding(state);
        while (node != Automaton.ROOT) {
            int wordsTo = automaton.wordsTo(node);
            for (int position = automaton.wordsFrom(node); position < wordsTo; position++) {
                int number = automaton.word(position);
                if (!hits.contains(number) && isHit(patterns[number], end, buffer, offset)) {
                    hits.add(number);
                }
            }
            node = automaton.nextEnding(node);
        }
    }

    private static boolean isHit(Pattern pattern, int end, ByteBuf buffer, int offset) {
        int start = end - pattern.length();
        return start >= pattern.from() && end <= pattern.to() && pattern.isConfirmed(buffer, offset + start);
    }

    @Override
    public void close() {}
}

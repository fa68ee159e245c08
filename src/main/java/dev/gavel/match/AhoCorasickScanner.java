package dev.gavel.match;

import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.LiteralPattern.Position;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Runs a shared {@link Automaton} over packets. Belongs to one thread.
 *
 * <p>Each step has to wait for the table entry that the previous step loads. If the range is long enough, it is split
 * into four parts, each with its own cursor that starts at the root; the cursors take turns, so that their waits
 * overlap. Neighbouring parts overlap by at least the length of the longest literal minus one, so a hit across a border
 * lies entirely within one part. A hit that lies in two parts is found twice, which does no harm.
 */
final class AhoCorasickScanner implements Scanner {
    private static final int CURSORS = 4;

    private final Automaton automaton;
    private final LiteralPattern[] literals;
    private final int start; // no hit begins before this index of the range
    private final int last; // no hit ends after this index of the range

    AhoCorasickScanner(Automaton automaton, LiteralPattern[] literals) {
        this.automaton = automaton;
        this.literals = literals;
        int start = Integer.MAX_VALUE;
        int last = 0;
        for (LiteralPattern literal : literals) {
            start = Math.min(start, literal.from());
            last = Math.max(last, literal.to());
        }
        this.start = start;
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
        if (end - start < CURSORS * Math.max(automaton.longest, Long.BYTES)) {
            walk(buffer, offset, length, end, hits);
        } else {
            walkFour(buffer, offset, length, end, hits);
        }
    }

    private void walk(ByteBuf buffer, int offset, int length, int end, Hits hits) {
        int[] table = automaton.table;
        byte[] classOf = automaton.classOf;
        int state = Automaton.ROOT;
        for (int at = start; at < end && !hits.isFull(); at++) {
            state = step(table, classOf, state, buffer.getByte(offset + at));
            state = settle(state, at + 1, buffer, offset, length, hits);
        }
    }

    private void walkFour(ByteBuf buffer, int offset, int length, int end, Hits hits) {
        int[] table = automaton.table;
        byte[] classOf = automaton.classOf;
        int bytes = end - start;
        int part = bytes / CURSORS + automaton.longest + Long.BYTES & -Long.BYTES; // rounded up to whole 64-bit words
        int third = bytes - part; // distances from the first cursor
        int first = (third + 2) / 3;
        int second = 2 * first;
        int state0 = Automaton.ROOT;
        int state1 = Automaton.ROOT;
        int state2 = Automaton.ROOT;
        int state3 = Automaton.ROOT;
        for (int at = start; at < start + part; at += Long.BYTES) {
            long word0 = buffer.getLongLE(offset + at);
            long word1 = buffer.getLongLE(offset + at + first);
            long word2 = buffer.getLongLE(offset + at + second);
            long word3 = buffer.getLongLE(offset + at + third);
            for (int after = at + 1; after <= at + Long.BYTES; after++) {
                state0 = step(table, classOf, state0, word0);
                state1 = step(table, classOf, state1, word1);
                state2 = step(table, classOf, state2, word2);
                state3 = step(table, classOf, state3, word3);
                if ((state0 | state1 | state2 | state3) < 0) {
                    state0 = settle(state0, after, buffer, offset, length, hits);
                    state1 = settle(state1, after + first, buffer, offset, length, hits);
                    state2 = settle(state2, after + second, buffer, offset, length, hits);
                    state3 = settle(state3, after + third, buffer, offset, length, hits);
                    if (hits.isFull()) {
                        return;
                    }
                }
                word0 >>>= Byte.SIZE;
                word1 >>>= Byte.SIZE;
                word2 >>>= Byte.SIZE;
                word3 >>>= Byte.SIZE;
            }
        }
    }

    /** The state that follows {@code state} after the lowest byte of {@code bytes}. */
    private int step(int[] table, byte[] classOf, int state, long bytes) {
        int byteClass = classOf[(int) bytes & 0xff] & 0xff;
        return state >= 0 ? table[state + byteClass] : automaton.next(state, byteClass);
    }

    /**
     * Adds the hits that end at index {@code end} of the searched range, where the automaton is in {@code state}.
     * Returns the state to continue from.
     */
    private int settle(int state, int end, ByteBuf buffer, int offset, int length, Hits hits) {
        if (state >= 0) {
            return state;
        }
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
        return automaton.settled(state);
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

package dev.gavel.match;

import dev.gavel.sys.PatternDatabase;
import dev.gavel.sys.PatternDatabase.Expression;
import dev.gavel.sys.PatternScanner;
import dev.gavel.sys.Vectorscan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;

/**
 * Multi-pattern search by Vectorscan, a native library with SIMD. Slices bound where a match may end; the start follows
 * from a literal's length.
 */
final class VectorscanMatcher implements Matcher {
    private final PatternDatabase database;
    private final int patterns;

    private VectorscanMatcher(PatternDatabase database, int patterns) {
        this.database = database;
        this.patterns = patterns;
    }

    /** Compiles {@code patterns}, at least one, numbered in their order. */
    static VectorscanMatcher compile(Vectorscan library, List<LiteralPattern> patterns) {
        List<Expression> expressions =
                patterns.stream().map(VectorscanMatcher::expression).toList();
        return new VectorscanMatcher(PatternDatabase.compile(library, expressions), patterns.size());
    }

    private static Expression expression(LiteralPattern pattern) {
        StringBuilder regex = new StringBuilder();
        for (byte b : pattern.bytes()) {
            regex.append(String.format("\\x%02x", b & 0xff));
        }
        if (pattern.position() == LiteralPattern.Position.AT_END) {
            regex.append("\\z");
        }
        boolean sliced = pattern.from() > 0 || pattern.to() < Integer.MAX_VALUE;
        int flags = PatternDatabase.DOTALL;
        if (pattern.sensitivity() == Case.INSENSITIVE) {
            flags |= PatternDatabase.CASELESS;
        }
        if (!sliced) {
            flags |= PatternDatabase.SINGLE_MATCH; // in a slice it may spend its one report outside of it
        }
        long minEnd = pattern.from() == 0 ? 0 : pattern.from() + pattern.length();
        long maxEnd = pattern.to() == Integer.MAX_VALUE ? Long.MAX_VALUE : pattern.to();
        return new Expression(regex.toString(), flags, minEnd, maxEnd);
    }

    @Override
    public int patterns() {
        return patterns;
    }

    @Override
    public Scanner scanner() {
        return new NativeScanner(database, patterns);
    }

    @Override
    public void close() {
        database.close();
    }

    private static final class NativeScanner implements Scanner {
        private final PatternScanner scanner;
        private final int patterns;
        private Hits hits = new Hits(0);

        NativeScanner(PatternDatabase database, int patterns) {
            this.patterns = patterns;
            scanner = new PatternScanner(database, this::matched);
        }

        private boolean matched(int id, long end) {
            hits.add(id);
            return !hits.isFull();
        }

        @Override
        public void scan(ByteBuf buffer, int offset, int length, Hits hits) {
            if (hits.patterns() != patterns) {
                throw new IllegalArgumentException(
                        "hits for " + hits.patterns() + " patterns (expected: " + patterns + ")");
            }
            Objects.checkFromIndexSize(offset, length, buffer.capacity());
            this.hits = hits;
            if (length == 0 || hits.isFull()) {
                return;
            }
            if (buffer.hasMemoryAddress()) {
                scanner.scan(buffer.memoryAddress() + offset, length);
            } else {
                scanCopy(buffer, offset, length);
            }
        }

        /** Of a heap buffer, which no packet comes in. */
        private void scanCopy(ByteBuf buffer, int offset, int length) {
            ByteBuf copy = Unpooled.directBuffer(length).writeBytes(buffer, offset, length);
            try {
                scanner.scan(copy.memoryAddress(), length);
            } finally {
                copy.release();
            }
        }

        @Override
        public void close() {
            scanner.close();
        }
    }
}

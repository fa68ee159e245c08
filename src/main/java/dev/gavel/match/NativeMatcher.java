package dev.gavel.match;

import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.match.pattern.Regex;
import dev.gavel.sys.PatternDatabase;
import dev.gavel.sys.PatternDatabase.Expression;
import dev.gavel.sys.PatternLibrary;
import dev.gavel.sys.PatternScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Multi-pattern search with libhs, a native library that uses SIMD. Literals and regular expressions are in one
 * database. The library gets a literal's slice as bounds on the end of a match; its start follows from the literal's
 * length.
 */
final class NativeMatcher implements Matcher {
    private static final HexFormat ESCAPED = HexFormat.of().withPrefix("\\x");

    private final PatternDatabase database;
    private final int patterns;

    private NativeMatcher(PatternDatabase database, int patterns) {
        this.database = database;
        this.patterns = patterns;
    }

    /** Compiles {@code patterns}, which must not be empty, and numbers them in the given order. */
    static NativeMatcher compile(
            PatternLibrary library, @Nullable DatabaseCache cache, List<? extends Pattern> patterns) {
        List<Expression> expressions =
                patterns.stream().map(NativeMatcher::expression).toList();
        try {
            PatternDatabase database = cache == null
                    ? PatternDatabase.compile(library, expressions)
                    : cache.database(library, expressions);
            return new NativeMatcher(database, patterns.size());
        } catch (PatternDatabase.Refusal e) {
            throw new PatternRefusal(e.index() < 0 ? null : patterns.get(e.index()), String.valueOf(e.getMessage()));
        }
    }

    private static Expression expression(Pattern pattern) {
        return pattern instanceof Regex regex
                ? new Expression(regex.pcre(), PatternDatabase.SINGLE_MATCH, 0, Long.MAX_VALUE)
                : literal((LiteralPattern) pattern);
    }

    private static Expression literal(LiteralPattern pattern) {
        String regex = ESCAPED.formatHex(pattern.bytes());
        if (pattern.position() == LiteralPattern.Position.AT_END) {
            regex += "\\z";
        }
        boolean sliced = pattern.from() > 0 || pattern.to() < Integer.MAX_VALUE;
        int flags = PatternDatabase.DOTALL;
        if (pattern.sensitivity() == Case.INSENSITIVE) {
            flags |= PatternDatabase.CASELESS;
        }
        if (!sliced) {
            flags |= PatternDatabase.SINGLE_MATCH; // a match outside of a slice could use up the only report
        }
        long minEnd = pattern.from() == 0 ? 0 : pattern.from() + pattern.length();
        long maxEnd = pattern.to() == Integer.MAX_VALUE ? Long.MAX_VALUE : pattern.to();
        return new Expression(regex, flags, minEnd, maxEnd);
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
        /** Readable bytes required after the searched ones: some releases read up to one AVX-512 vector too far. */
        private static final int BEHIND = 64;

        private final PatternScanner scanner;
        private final int patterns;
        private ByteBuf copy = Unpooled.EMPTY_BUFFER;

        NativeScanner(PatternDatabase database, int patterns) {
            this.patterns = patterns;
            scanner = new PatternScanner(database);
        }

        @Override
        public void scan(ByteBuf buffer, int offset, int length, Hits hits) {
            hits.checkFor(patterns);
            Objects.checkFromIndexSize(offset, length, buffer.capacity());
            if (length == 0 || hits.isFull()) {
                return;
            }
            boolean isInPlace = buffer.hasMemoryAddress() && buffer.capacity() - offset - length >= BEHIND;
            int found = isInPlace
                    ? scanner.scan(buffer.memoryAddress() + offset, length)
                    : scanCopy(buffer, offset, length);
            for (int i = 0; i < found; i++) {
                hits.add(scanner.found(i));
            }
        }

        /**
         * Scans a copy of the bytes. Needed for bytes that are on the heap or too close to the end of their buffer,
         * which is rare for received packets.
         */
        private int scanCopy(ByteBuf buffer, int offset, int length) {
            if (copy.capacity() < length + BEHIND) {
                copy.release();
                copy = Unpooled.directBuffer(length + BEHIND);
            }
            buffer.getBytes(offset, copy.clear(), length);
            return scanner.scan(copy.memoryAddress(), length);
        }

        @Override
        public void close() {
            scanner.close();
            copy.release();
        }
    }
}

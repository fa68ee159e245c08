package dev.gavel.match;

import dev.gavel.sys.PatternDatabase;
import dev.gavel.sys.PatternDatabase.Expression;
import dev.gavel.sys.PatternLibrary;
import dev.gavel.sys.PatternScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tries small searches that some releases of the native library get wrong: Vectorscan 5.4.9 to 5.4.12 (its issues 317,
 * 358 and 382). It tests behaviour, not the version number, because distributions patch libraries without changing the
 * number, and because which searches fail depends on the CPU.
 */
final class LibraryCheck {
    private static final int MAX_PREFIX = 200;
    private static final int FLAGS = PatternDatabase.DOTALL | PatternDatabase.SINGLE_MATCH;

    private LibraryCheck() {}

    /**
     * Returns normally if {@code library} finds every match.
     *
     * @throws UnsupportedOperationException if it misses a match, so that packets must not be judged with it
     */
    static void check(PatternLibrary library) {
        findsAtEnd(library, "@", "\\x40");
        findsAtEnd(library, "@", amongMore("\\x40"));
        findsAtEnd(library, "\u0012\u00ac", amongMore("\\x12\\xac"));
        findsAtEnd(library, "%7", "\\x25\\x37\\z", "\\x1d\\xa4\\x00\\xc2\\x7b\\xb2\\x89\\x02\\x6d\\x8a\\xb6\\x43\\z");
        findsAtEnd(library, "\u0012\u00ac", "\\x12\\xac", "\\x26", "\\xed\\x85\\x3a");
        findsAtEnd(library, "|python", "curl.*\\|\\s*python");
        findsAtEnd(library, "| python", "curl.*\\|\\s*python");
        findsAtEnd(
                library,
                "{$5d%>",
                "<%[\\s\\S]+%>",
                "<[^<>]+:(include|set|use)",
                "[\\$#]{[\\s\\S]+\\([\\s\\S]*\\)[\\s\\S]*}");
    }

    /**
     * Returns {@code regex} and eight expressions that match nothing in the tests: with nine expressions, the library
     * builds its database differently.
     */
    private static String[] amongMore(String regex) {
        return Stream.concat(Stream.of(regex), IntStream.range(0, 8).mapToObj(i -> "number" + i))
                .toArray(String[]::new);
    }

    /** Checks that the first of {@code regexes} is found at the end of texts of many lengths. */
    private static void findsAtEnd(PatternLibrary library, String end, String... regexes) {
        List<Expression> expressions = List.of(regexes).stream()
                .map(regex -> new Expression(regex, FLAGS, 0, Long.MAX_VALUE))
                .toList();
        ByteBuf text = Unpooled.directBuffer(512);
        try (PatternDatabase database = PatternDatabase.compile(library, expressions);
                PatternScanner scanner = new PatternScanner(database)) {
            for (int prefix = 0; prefix < MAX_PREFIX; prefix++) {
                String all = "curl <%" + "x".repeat(prefix) + end;
                text.clear().writeBytes(all.getBytes(StandardCharsets.ISO_8859_1));
                int matches = scanner.scan(text.memoryAddress(), text.readableBytes());
                if (IntStream.range(0, matches).noneMatch(i -> scanner.found(i) == 0)) {
                    throw new UnsupportedOperationException("version " + library.version() + " misses " + regexes[0]
                            + " at the end of " + all.length() + " bytes; it must not be trusted");
                }
            }
        } finally {
            text.release();
        }
    }
}

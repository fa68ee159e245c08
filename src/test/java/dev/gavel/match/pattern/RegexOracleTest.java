package dev.gavel.match.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import dev.gavel.match.AhoCorasick;
import dev.gavel.match.Hits;
import dev.gavel.sys.PatternDatabase;
import dev.gavel.sys.PatternDatabase.Expression;
import dev.gavel.sys.PatternLibrary;
import dev.gavel.sys.PatternScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random expressions and buffers: what RE2/J says of the expression as it was written is what the native library says
 * of {@link Regex#pcre}, and RE2/J of {@link Regex#re2}. The property {@code gavel.oracle.pairs} asks for more pairs.
 */
public class RegexOracleTest {
    private static final int PAIRS = Integer.getInteger("gavel.oracle.pairs", 10_000);
    private static final int BUFFERS = 10;
    private static final byte[] BEFORE = {'x', '\n', 'a'};
    private static final byte[] BEHIND = "abAB_0\n".getBytes(StandardCharsets.ISO_8859_1);
    private final PatternLibrary library = PatternLibrary.load(Path.of(System.getProperty("gavel.native"), "libhs.so"));
    private final ByteBuf buffer = Unpooled.directBuffer(16_384);
    private int pairs;
    private int hits;

    @Test
    void bothEnginesAgreeWithRe2() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        try {
            while (pairs < PAIRS) {
                RandomRegex texts = new RandomRegex(random);
                check(texts, texts.expression(), texts.flags(), "seed " + seed);
            }
        } finally {
            buffer.release();
        }
        assertThat(hits).as("hits with seed %d", seed).isBetween(pairs / 4, pairs * 9 / 10);
    }

    private void check(RandomRegex texts, String source, String flags, String seed) {
        Regex regex;
        try {
            regex = Regex.parse(source, flags);
        } catch (RegexMistake e) {
            return; // anchors inside, mostly
        }
        var expected = com.google.re2j.Pattern.compile(source, re2Flags(flags));
        var written = com.google.re2j.Pattern.compile(regex.re2());
        if (regex.matchesEmpty()) {
            return; // as policies may not
        }
        try (PatternDatabase database = PatternDatabase.compile(library, List.of(expression(regex)));
                PatternScanner scanner = new PatternScanner(database)) {
            for (int i = 0; i < BUFFERS; i++) {
                byte[] bytes = texts.buffer(regex);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                String description = seed + ", " + regex + " = " + regex.pcre() + " in "
                        + HexFormat.of().formatHex(bytes);
                boolean matches = expected.matcher(text).find();
                assertThat(written.matcher(text).find()).as(description).isEqualTo(matches);
                assertThat(scan(scanner, bytes)).as(description).isEqualTo(matches);
                assertThat(!matches || holdsLiteral(regex, text))
                        .as(description)
                        .isTrue();
                pairs++;
                hits += matches ? 1 : 0;
            }
        }
    }

    public static int re2Flags(String flags) {
        return (flags.contains("i") ? com.google.re2j.Pattern.CASE_INSENSITIVE : 0)
                | (flags.contains("s") ? com.google.re2j.Pattern.DOTALL : 0)
                | (flags.contains("m") ? com.google.re2j.Pattern.MULTILINE : 0);
    }

    private static Expression expression(Regex regex) {
        return new Expression(regex.pcre(), PatternDatabase.SINGLE_MATCH, 0, Long.MAX_VALUE);
    }

    private static boolean holdsLiteral(Regex regex, String text) {
        return regex.requiredLiteral()
                .map(literal -> AhoCorasick.compile(List.of(literal)))
                .map(matcher -> {
                    Hits found = new Hits(1);
                    ByteBuf bytes = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
                    matcher.scanner().scan(bytes, 0, bytes.capacity(), found);
                    return found.contains(0);
                })
                .orElse(true);
    }

    /** Of the middle of a buffer, as of a slice. */
    private boolean scan(PatternScanner scanner, byte[] bytes) {
        buffer.clear().writeBytes(BEFORE).writeBytes(bytes).writeBytes(BEHIND);
        return scanner.scan(buffer.memoryAddress() + BEFORE.length, bytes.length) > 0;
    }
}

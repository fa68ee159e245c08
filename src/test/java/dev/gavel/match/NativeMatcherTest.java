package dev.gavel.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.match.pattern.Regex;
import dev.gavel.match.pattern.RegexMistake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeMatcherTest {
    private static final Path FOLDER = Path.of(System.getProperty("gavel.native"));

    private final Matchers matchers = Matchers.of(Matchers.Choice.NATIVE, FOLDER);

    @Test
    void saysWhatItIs() {
        assertThat(matchers.backend()).isEqualTo("native");
        assertThat(matchers.version()).startsWith("hyperscan 5.4.0");
    }

    @Test
    void allocatesNothingWhetherItHitsOrNot() {
        List<LiteralPattern> patterns = List.of(
                new LiteralPattern(
                        "needle".getBytes(StandardCharsets.US_ASCII), Case.INSENSITIVE, 0, Integer.MAX_VALUE),
                new LiteralPattern("here".getBytes(StandardCharsets.US_ASCII), Case.SENSITIVE, 0, 1000),
                new LiteralPattern(
                        "nowhere".getBytes(StandardCharsets.US_ASCII), Case.SENSITIVE, 0, Integer.MAX_VALUE));
        ByteBuf buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(1448));
        buffer.setBytes(700, "a needle here".getBytes(StandardCharsets.US_ASCII));
        try (Matcher matcher = matchers.compile(patterns);
                Scanner scanner = matcher.scanner()) {
            Hits hits = new Hits(3);
            scan(scanner, buffer, hits, 200_000);
            assertThat(hits.size()).isEqualTo(2);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            scan(scanner, buffer, hits, 100_000);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        }
    }

    private static void scan(Scanner scanner, ByteBuf buffer, Hits hits, int times) {
        for (int i = 0; i < times; i++) {
            hits.clear();
            scanner.scan(buffer, 0, 1448, hits);
        }
    }

    /** Vectorscan 5.4.12 misses the first one on CPUs with AVX-512 (its issue 358). */
    @Test
    void findsShortPatternsAtTheEnd() {
        List<LiteralPattern> patterns = List.of(caseless("\u0012\u00ac"), caseless("&"), exact("\u00ed\u0085:"));
        byte[] text = ("x".repeat(66) + "\u0012\u00ac").getBytes(StandardCharsets.ISO_8859_1);
        text[20] = '&';
        Matcher matcher = matchers.compile(patterns);
        assertThat(matcher).isInstanceOf(NativeMatcher.class);
        assertThat(hits(matcher, text).contains(0)).isTrue();
    }

    @Test
    void findsLiteralsAndExpressionsInOneScan() throws RegexMistake {
        List<Pattern> patterns = List.of(
                Regex.parse("^GET\\s+/[a-z]+", ""),
                exact("/index"),
                Regex.parse("host:.*evil$", "i"),
                exact("nowhere"));
        byte[] text = "GET /index HTTP/1.1\nHOST: evil".getBytes(StandardCharsets.ISO_8859_1);
        for (Matchers engine : List.of(matchers, Matchers.java())) {
            assertThat(AhoCorasickTest.numbers(hits(engine.compile(patterns), text)))
                    .as(engine.backend())
                    .containsExactly(0, 1, 2);
        }
    }

    /** As where jffi cannot be loaded: here it is not even there. */
    @Test
    void fallsBackToJavaWhereNativeCallsCannotBeLinked() throws Exception {
        URL classes = Matchers.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(Matchers.class.getName());
            Class<?> choice = loader.loadClass(Matchers.Choice.class.getName());
            Object auto = choice.getMethod("valueOf", String.class).invoke(null, "AUTO");
            Object fallback = type.getMethod("of", choice, Path.class).invoke(null, auto, FOLDER);
            assertThat(type.getMethod("backend").invoke(fallback)).isEqualTo("java");
            assertThat((String) type.getMethod("missing").invoke(fallback)).contains("libhs.so: ", "com.kenai.jffi");
        }
    }

    private static LiteralPattern caseless(String text) {
        return new LiteralPattern(text.getBytes(StandardCharsets.ISO_8859_1), Case.INSENSITIVE, 0, Integer.MAX_VALUE);
    }

    private static LiteralPattern exact(String text) {
        return new LiteralPattern(text.getBytes(StandardCharsets.ISO_8859_1), Case.SENSITIVE, 0, Integer.MAX_VALUE);
    }

    private static Hits hits(Matcher matcher, byte[] text) {
        Hits hits = new Hits(matcher.patterns());
        try (matcher;
                Scanner scanner = matcher.scanner()) {
            scanner.scan(Unpooled.wrappedBuffer(text), 0, text.length, hits);
        }
        return hits;
    }

    @Test
    void saysWhyItCannotBeHad() {
        List<Path> nowhere = List.of(Path.of("/nonexistent/libhs.so"));
        assertThatThrownBy(() -> Matchers.of(Matchers.Choice.NATIVE, nowhere))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("/nonexistent/libhs.so");
        Matchers fallback = Matchers.of(Matchers.Choice.AUTO, nowhere);
        assertThat(fallback.backend()).isEqualTo("java");
        assertThat(fallback.missing()).contains("/nonexistent/libhs.so");
        assertThat(Matchers.of(Matchers.Choice.JAVA, nowhere).missing()).isNull();
    }
}

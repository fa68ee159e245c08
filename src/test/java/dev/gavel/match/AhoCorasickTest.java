package dev.gavel.match;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.kit.Seeds;
import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AhoCorasickTest {
    private static final int NO_END = Integer.MAX_VALUE;

    @Test
    void findsWordsInsideOfWords() {
        List<LiteralPattern> patterns = List.of(exact("he"), exact("she"), exact("his"), exact("hers"), exact("e"));
        assertThat(found(patterns, "ushers")).containsExactly(0, 1, 3, 4);
        assertThat(found(patterns, "his")).containsExactly(2);
        assertThat(found(patterns, "")).isEmpty();
    }

    @Test
    void findsPatternsAtBothEndsOfTheRangeOnly() {
        List<LiteralPattern> patterns = List.of(exact("ab"), exact("yz"), exact("xa"), exact("zx"));
        ByteBuf buffer = Unpooled.copiedBuffer("xab--yzx", ISO_8859_1);
        assertThat(found(AhoCorasick.compile(patterns), buffer, 1, 6)).containsExactly(0, 1);
        assertThat(buffer.readerIndex()).isZero();
    }

    @Test
    void ignoresCaseOfAsciiLettersOnlyAndOnlyWhereAsked() {
        List<LiteralPattern> patterns =
                List.of(caseless("hOsT"), exact("Host"), exact("host"), caseless("@[\u00c4"), caseless("`{\u00e4"));
        assertThat(found(patterns, "HOST")).containsExactly(0);
        assertThat(found(patterns, "Host")).containsExactly(0, 1);
        assertThat(found(patterns, "@[\u00c4")).containsExactly(3);
    }

    @Test
    void findsBinaryZeroes() {
        List<LiteralPattern> patterns = List.of(exact("\0\0"), exact("a\0b"), exact("\0\0\0"));
        assertThat(found(patterns, "\0a\0b\0\0")).containsExactly(0, 1);
    }

    /** Also across the borders of parts that are searched side by side. */
    @Test
    void findsALiteralWhereverItLies() {
        String word = "abcdefghijklmnopqrstuvwx";
        for (int size : new int[] {1, 2, 8, 9, 24}) {
            AhoCorasick matcher = AhoCorasick.compile(List.of(exact(word.substring(0, size)), exact("nowhere")));
            for (int length = size; length < 300; length++) {
                for (int at = 0; at <= length - size; at++) {
                    String text = "-".repeat(at) + word.substring(0, size) + "-".repeat(length - size - at);
                    ByteBuf buffer = Unpooled.wrappedBuffer(("a" + text + "b").getBytes(ISO_8859_1));
                    Hits hits = new Hits(2);
                    matcher.scanner().scan(buffer, 1, length, hits);
                    assertThat(numbers(hits))
                            .as("%d bytes at %d of %d", size, at, length)
                            .containsExactly(0);
                }
            }
        }
    }

    @Test
    void findsOnlyWhatLiesWhollyInTheSlice() {
        List<LiteralPattern> patterns = List.of(
                sliced("abc", 2, 5), sliced("abc", 3, 7), sliced("abc", 0, 4), sliced("abc", 2, NO_END), exact("abc"));
        assertThat(found(patterns, "--abc--")).containsExactly(0, 3, 4);
        assertThat(found(patterns, "abcabc-")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void findsEveryOneOfSeveralEqualPatterns() {
        assertThat(found(List.of(exact("ab"), exact("ab"), caseless("AB")), "xabx"))
                .containsExactly(0, 1, 2);
    }

    @Test
    void findsNothingWithoutPatterns() {
        Matcher matcher = AhoCorasick.compile(List.of());
        assertThat(matcher.patterns()).isZero();
        assertThat(found(List.of(), "anything")).isEmpty();
    }

    @Test
    void keepsHitsOfEarlierScans() {
        AhoCorasick matcher = AhoCorasick.compile(List.of(exact("a"), exact("b"), exact("c")));
        Hits hits = new Hits(3);
        Scanner scanner = matcher.scanner();
        scanner.scan(Unpooled.copiedBuffer("xa", ISO_8859_1), 0, 2, hits);
        scanner.scan(Unpooled.copiedBuffer("xb", ISO_8859_1), 0, 2, hits);
        assertThat(numbers(hits)).containsExactly(0, 1);
    }

    @Test
    void refusesBytesOutsideOfTheBufferAndForeignHits() {
        Scanner scanner = AhoCorasick.compile(List.of(exact("a"))).scanner();
        ByteBuf buffer = Unpooled.wrappedBuffer(new byte[4]);
        assertThatThrownBy(() -> scanner.scan(buffer, 1, 4, new Hits(1))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> scanner.scan(buffer, 0, -1, new Hits(1)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> scanner.scan(buffer, 0, 4, new Hits(2))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsItsTableSmallForManyBinaryPatterns() {
        Random random = new Random(7);
        List<LiteralPattern> patterns = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[8 + random.nextInt(17)];
            random.nextBytes(bytes);
            patterns.add(new LiteralPattern(bytes, Case.SENSITIVE, 0, NO_END));
        }
        AhoCorasick matcher = AhoCorasick.compile(patterns);
        assertThat(matcher.automaton.table.length).isLessThanOrEqualTo(1 << 22);
        ByteBuf buffer = Unpooled.wrappedBuffer(
                patterns.get(17).bytes(), new byte[9], patterns.get(9_999).bytes());
        assertThat(found(matcher, buffer, 0, buffer.capacity())).containsExactly(17, 9_999);
    }

    @Test
    void allocatesNothingInAScan() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        AhoCorasick matcher = AhoCorasick.compile(List.of(exact("aab"), caseless("BAA"), exact("zz")), 8);
        Scanner scanner = matcher.scanner();
        Hits hits = new Hits(3);
        ByteBuf buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(1_000));
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.setByte(i, "ab".charAt(i % 7 % 2));
        }
        long least = Long.MAX_VALUE; // the first rounds also pay for class loading
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                hits.clear();
                scanner.scan(buffer, 0, buffer.capacity(), hits);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(numbers(hits)).containsExactly(0, 1);
        assertThat(least).isZero();
    }

    @Test
    void findsWhatANaiveSearchFinds() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int set = 0; set < 30_000; set++) {
            RandomSearch search = new RandomSearch(random);
            List<LiteralPattern> patterns = search.patterns(random.nextInt(16));
            AhoCorasick matcher = AhoCorasick.compile(patterns, 1 + random.nextInt(200));
            for (int i = 0; i < 4; i++) {
                search.check(matcher, patterns, random.nextInt(160), "seed " + seed + ", set " + set);
            }
        }
    }

    @Test
    void findsWhatANaiveSearchFindsInLargeSetsAndBuffers() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int set = 0; set < 40; set++) {
            RandomSearch search = new RandomSearch(random);
            List<LiteralPattern> patterns = search.patterns(200);
            AhoCorasick matcher =
                    set % 2 == 0 ? AhoCorasick.compile(patterns) : AhoCorasick.compile(patterns, random.nextInt(2_000));
            search.check(matcher, patterns, 65_536, "seed " + seed + ", set " + set);
        }
    }

    private static LiteralPattern exact(String text) {
        return sliced(text, 0, NO_END);
    }

    private static LiteralPattern caseless(String text) {
        return new LiteralPattern(text.getBytes(ISO_8859_1), Case.INSENSITIVE, 0, NO_END);
    }

    private static LiteralPattern sliced(String text, int from, int to) {
        return new LiteralPattern(text.getBytes(ISO_8859_1), Case.SENSITIVE, from, to);
    }

    private static List<Integer> found(List<LiteralPattern> patterns, String text) {
        ByteBuf buffer = Unpooled.copiedBuffer(text, ISO_8859_1);
        return found(AhoCorasick.compile(patterns), buffer, 0, buffer.readableBytes());
    }

    private static List<Integer> found(Matcher matcher, ByteBuf buffer, int offset, int length) {
        Hits hits = new Hits(matcher.patterns());
        matcher.scanner().scan(buffer, offset, length, hits);
        return numbers(hits);
    }

    static List<Integer> numbers(Hits hits) {
        return IntStream.range(0, hits.patterns())
                .filter(hits::contains)
                .boxed()
                .toList();
    }
}

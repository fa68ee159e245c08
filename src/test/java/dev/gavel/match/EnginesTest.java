package dev.gavel.match;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.kenai.jffi.MemoryIO;
import dev.gavel.kit.Seeds;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.match.pattern.RandomRegex;
import dev.gavel.match.pattern.Regex;
import dev.gavel.match.pattern.RegexMistake;
import dev.gavel.match.pattern.RegexOracleTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.types.size_t;
import org.junit.jupiter.api.Test;

/**
 * Every engine against a naive search, over random sets and buffers: 1 % of a million pairs, or as many sets as {@code
 * -Dgavel.match.sets=20000} says, of 50 buffers each.
 */
class EnginesTest {
    private static final int SETS = Integer.getInteger("gavel.match.sets", 200);
    private static final int BUFFERS = 50;
    private static final int LARGE = 65_536;

    private final List<Matchers> engines =
            List.of(Matchers.java(), Matchers.of(Matchers.Choice.NATIVE, Path.of(System.getProperty("gavel.native"))));

    @Test
    void findWhatANaiveSearchFinds() {
        long seed = Seeds.take();
        System.out.println("EnginesTest: seed " + seed + ", " + (long) SETS * BUFFERS + " pairs an engine");
        Random random = new Random(seed);
        for (int set = 0; set < SETS; set++) {
            RandomSearch search = new RandomSearch(random);
            boolean isLarge = set % 50 == 7; // large sets are searched in other ways than small ones
            List<LiteralPattern> patterns =
                    search.patterns(isLarge ? 200 + random.nextInt(1_800) : 1 + random.nextInt(24));
            long buffers = random.nextLong();
            for (Matchers engine : engines) {
                search.random(new Random(buffers)); // the same ones for each engine
                try (Matcher matcher = engine.compile(patterns)) {
                    for (int i = 0; i < (isLarge ? 10 : BUFFERS); i++) {
                        int length = set % 20 == 0 && i == 0 ? LARGE : (i * 7 + set) % 200;
                        search.check(
                                matcher,
                                patterns,
                                length,
                                engine.backend() + ", seed " + seed + ", set " + set + ", buffer " + i);
                    }
                }
            }
        }
    }

    /** A slice as long as its literal for each end offset: which are hit says where the literal ends, and where not. */
    @Test
    void findLiteralsAtEveryEndOffset() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int set = 0; set < SETS / 5; set++) {
            RandomSearch search = new RandomSearch(random);
            byte[] text = search.bytes(1 + random.nextInt(set % 10 == 0 ? 300 : 60));
            List<LiteralPattern> patterns = new ArrayList<>();
            for (LiteralPattern literal : search.patterns(2)) {
                for (int end = literal.length(); end <= text.length; end++) {
                    patterns.add(
                            new LiteralPattern(literal.bytes(), literal.sensitivity(), end - literal.length(), end));
                }
            }
            check(patterns, List.of(text), List.of(RandomSearch.expected(patterns, text)), "seed " + seed);
        }
    }

    /** Literals by the naive search; expressions by RE2/J, as they were written. */
    @Test
    void findExpressionsAmongLiterals() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int set = 0; set < SETS; set++) {
            RandomRegex expressions = new RandomRegex(random);
            List<LiteralPattern> literals = new RandomSearch(random).patterns(random.nextInt(6));
            List<Pattern> patterns = new ArrayList<>(literals);
            List<com.google.re2j.Pattern> oracles = new ArrayList<>();
            List<byte[]> texts = new ArrayList<>();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                add(expressions, patterns, oracles, texts);
            }
            check(
                    patterns,
                    texts,
                    texts.stream()
                            .map(text -> expected(literals, oracles, text))
                            .toList(),
                    "seed " + seed + ", set " + set);
        }
    }

    /** One more expression, if policies may be written so, and texts that it may match. */
    private static void add(
            RandomRegex expressions,
            List<Pattern> patterns,
            List<com.google.re2j.Pattern> oracles,
            List<byte[]> texts) {
        String source = expressions.expression();
        String flags = expressions.flags();
        try {
            Regex regex = Regex.parse(source, flags);
            if (!regex.matchesEmpty()) {
                patterns.add(regex);
                oracles.add(com.google.re2j.Pattern.compile(source, RegexOracleTest.re2Flags(flags)));
                for (int i = 0; i < 8; i++) {
                    texts.add(expressions.buffer(regex));
                }
            }
        } catch (RegexMistake e) {
            assertThat(e.getMessage()).isNotEmpty(); // anchors inside, mostly
        }
    }

    private static List<Integer> expected(
            List<LiteralPattern> literals, List<com.google.re2j.Pattern> oracles, byte[] text) {
        List<Integer> expected = RandomSearch.expected(literals, text);
        for (int i = 0; i < oracles.size(); i++) {
            if (oracles.get(i).matcher(new String(text, ISO_8859_1)).find()) {
                expected.add(literals.size() + i);
            }
        }
        return expected;
    }

    /** Each of {@code texts} in the middle of a buffer, as of a packet's slice. */
    private void check(
            List<? extends Pattern> patterns, List<byte[]> texts, List<List<Integer>> expected, String description) {
        ByteBuf buffer = Unpooled.directBuffer();
        for (Matchers engine : engines) {
            try (Matcher matcher = engine.compile(patterns);
                    Scanner scanner = matcher.scanner()) {
                for (int i = 0; i < texts.size(); i++) {
                    buffer.clear().writeBytes(new byte[] {'a', '\n', 'b'}).writeBytes(texts.get(i));
                    buffer.writeBytes(new byte[] {'a', 'b', '\n'});
                    Hits hits = new Hits(matcher.patterns());
                    scanner.scan(buffer, 3, texts.get(i).length, hits);
                    assertThat(AhoCorasickTest.numbers(hits))
                            .as("%s, %s, text %d, %s", engine.backend(), description, i, patterns)
                            .isEqualTo(expected.get(i));
                }
            }
        }
        buffer.release();
    }

    /** mmap(2) and mprotect(2). */
    public interface Memory {
        Memory C = LibraryLoader.create(Memory.class).load("c");

        Pointer mmap(Pointer address, @size_t long length, int protection, int flags, int fd, long offset);

        int mprotect(Pointer address, @size_t long length, int protection);

        int munmap(Pointer address, @size_t long length);
    }

    @Test
    void readNothingBehindTheBuffer() {
        int page = 4096;
        Pointer memory = Memory.C.mmap(null, 2L * page, 3, 0x22, -1, 0); // READ | WRITE, PRIVATE | ANONYMOUS
        assertThat(Memory.C.mprotect(memory.slice(page), page, 0)).isZero(); // NONE
        ByteBuffer view = MemoryIO.getInstance().newDirectByteBuffer(memory.address(), page);
        long seed = Seeds.take();
        Random random = new Random(seed);
        try {
            for (int set = 0; set < 40; set++) {
                RandomSearch search = new RandomSearch(random);
                List<LiteralPattern> patterns = search.patterns(1 + random.nextInt(24));
                for (Matchers engine : engines) {
                    try (Matcher matcher = engine.compile(patterns);
                            Scanner scanner = matcher.scanner()) {
                        for (int length = 0; length < 200; length++) {
                            byte[] text = search.bytes(length);
                            view.put(page - length, text);
                            ByteBuf buffer = Unpooled.wrappedBuffer(view);
                            Hits hits = new Hits(matcher.patterns());
                            scanner.scan(buffer, page - length, length, hits);
                            assertThat(AhoCorasickTest.numbers(hits))
                                    .as("%s, seed %d, set %d, length %d", engine.backend(), seed, set, length)
                                    .isEqualTo(RandomSearch.expected(patterns, text));
                        }
                    }
                }
            }
        } finally {
            Memory.C.munmap(memory, 2L * page);
        }
    }
}

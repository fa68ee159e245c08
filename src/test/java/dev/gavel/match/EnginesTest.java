package dev.gavel.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.kenai.jffi.MemoryIO;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.types.size_t;
import org.junit.jupiter.api.Test;

/**
 * Every engine against a naive search, over random sets and buffers: 1 % of a million pairs, or as many sets as {@code
 * -Dgavel.match.sets=20000} says, of 50 buffers each; {@code -Dgavel.match.seed=N} repeats a run.
 */
class EnginesTest {
    private static final int SETS = Integer.getInteger("gavel.match.sets", 200);
    private static final int BUFFERS = 50;
    private static final int LARGE = 65_536;

    private final List<Matchers> engines = List.of(
            Matchers.java(), Matchers.of(Matchers.Choice.VECTORSCAN, Path.of(System.getProperty("gavel.native"))));

    @Test
    void findWhatANaiveSearchFinds() {
        long seed = Long.getLong("gavel.match.seed", System.nanoTime());
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
        long seed = System.nanoTime();
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

package dev.gavel.match;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseCacheTest {
    private static final Matchers NATIVE =
            Matchers.of(Matchers.Choice.NATIVE, Path.of(System.getProperty("gavel.native")));

    @TempDir
    private Path folder;

    @BeforeEach
    void closeFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private static List<LiteralPattern> patterns(int count, String prefix) {
        List<LiteralPattern> patterns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            patterns.add(
                    new LiteralPattern((prefix + i + ";").getBytes(US_ASCII), Case.INSENSITIVE, 0, Integer.MAX_VALUE));
        }
        return patterns;
    }

    /** Compiles a large set, and checks that it finds what it shall. */
    private static Matchers use(Matchers matchers, String prefix) {
        byte[] text = ("-- " + prefix + "321; --").getBytes(US_ASCII);
        Hits hits = new Hits(DatabaseCache.MIN_EXPRESSIONS);
        try (Matcher matcher = matchers.compile(patterns(DatabaseCache.MIN_EXPRESSIONS, prefix));
                Scanner scanner = matcher.scanner()) {
            scanner.scan(Unpooled.wrappedBuffer(text), 0, text.length, hits);
        }
        assertThat(AhoCorasickTest.numbers(hits)).containsExactly(321);
        return matchers;
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void assertResults(Matchers matchers, long hit, long miss, long damaged, long unusable) {
        assertThat(matchers.cacheResults())
                .containsEntry("hit", hit)
                .containsEntry("miss", miss)
                .containsEntry("damaged", damaged)
                .containsEntry("unusable", unusable)
                .hasSize(4);
    }

    @Test
    void compilesOnceAndReadsThen() throws IOException {
        assertResults(use(NATIVE.withCache(folder), "a"), 0, 1, 0, 0);
        assertResults(use(NATIVE.withCache(folder), "a"), 1, 0, 0, 0);
        assertResults(use(NATIVE.withCache(folder), "b"), 0, 1, 0, 0);
        assertThat(entries())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(Files.getPosixFilePermissions(entry))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------")));
    }

    @Test
    void keepsNothingOfSmallSets() throws IOException {
        NATIVE.withCache(folder).compile(patterns(3, "a")).close();
        assertThat(entries()).isEmpty();
    }

    @Test
    void compilesAnewWhereAnyByteOfTheEntryIsDamaged() throws IOException {
        use(NATIVE.withCache(folder), "a");
        Path entry = entries().get(0);
        byte[] whole = Files.readAllBytes(entry);
        for (int at : new int[] {0, 7, 8, 39, 40, 60, whole.length / 2, whole.length - 33, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(entry, damaged);
            assertResults(use(NATIVE.withCache(folder), "a"), 0, 0, 1, 0);
            assertThat(Files.readAllBytes(entry)).as("renewed").isEqualTo(whole);
        }
    }

    @Test
    void compilesAnewWhereTheEntryIsCutForeignOrALink() throws IOException {
        use(NATIVE.withCache(folder), "a");
        Path entry = entries().get(0);
        byte[] whole = Files.readAllBytes(entry);
        for (int length : new int[] {0, 1, 72, whole.length - 1}) {
            Files.write(entry, java.util.Arrays.copyOf(whole, length));
            assertResults(use(NATIVE.withCache(folder), "a"), 0, 0, 1, 0);
        }
        Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertResults(use(NATIVE.withCache(folder), "a"), 0, 0, 1, 0);
        Files.move(entry, folder.resolve("elsewhere"));
        Files.createSymbolicLink(entry, folder.resolve("elsewhere"));
        assertResults(use(NATIVE.withCache(folder), "a"), 0, 0, 1, 0);
        assertResults(use(NATIVE.withCache(folder), "a"), 1, 0, 0, 0);
    }

    @Test
    void doesWithoutAFolderThatOthersMayWriteToOrThatIsNotThere() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertResults(use(NATIVE.withCache(folder), "a"), 0, 0, 0, 1);
        assertThat(entries()).isEmpty();
        Matchers nowhere = use(NATIVE.withCache(folder.resolve("nowhere")), "a");
        assertThat(nowhere.cacheResults().get("unusable")).isPositive();
        Matchers file = use(NATIVE.withCache(Files.createFile(folder.resolve("file"))), "a");
        assertThat(file.cacheResults().get("hit")).isZero();
    }

    /** A path that is none of its file system's: what asks the system about it throws, and not an IOException. */
    @Test
    void doesWithoutAFolderThatFailsUnexpectedly() throws IOException {
        Path strange = (Path) Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (self, method, arguments) -> method.invoke(folder, arguments));
        assertResults(use(NATIVE.withCache(strange), "a"), 0, 0, 1, 1);
        assertThat(entries()).isEmpty();
    }

    @Test
    void keepsABoundedNumber() throws IOException {
        Matchers matchers = NATIVE.withCache(folder);
        for (int i = 0; i < DatabaseCache.MAX_ENTRIES + 3; i++) {
            use(matchers, "set" + i + "-");
        }
        assertThat(entries()).hasSize(DatabaseCache.MAX_ENTRIES);
    }

    /** As two processes would: nothing of the cache but its folder is shared. */
    @Test
    void servesSeveralAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Matchers>> users = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String prefix = "set" + i % 2 + "-";
                users.add(() -> use(NATIVE.withCache(folder), prefix));
            }
            for (Future<Matchers> user : threads.invokeAll(users)) {
                assertThat(user.get().cacheResults())
                        .containsEntry("damaged", 0L)
                        .containsEntry("unusable", 0L);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(entries()).hasSize(2);
    }
}

package dev.gavel.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import dev.gavel.kit.Seeds;
import dev.gavel.sys.PatternDatabase.Expression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatternScannerTest {
    private static final int WORDS = 130;

    private final PatternLibrary library =
            PatternLibrary.load(Path.of(System.getProperty("gavel.native")).resolve("libhs.so"));

    @Test
    void machineCodeIsWhatRunsHere() {
        assertThat(ScanCode.isThere()).isEqualTo(System.getProperty("os.arch").equals("amd64"));
    }

    /** {@code words} numbered words, each reported wherever it ends. */
    private PatternDatabase database(int words) {
        return PatternDatabase.compile(
                library,
                IntStream.range(0, words)
                        .mapToObj(i -> new Expression("w%03d".formatted(i), 0, 0, Long.MAX_VALUE))
                        .toList());
    }

    private static List<Integer> found(PatternScanner scanner, String text) {
        ByteBuf buffer = Unpooled.directBuffer(text.length() + 64);
        try {
            buffer.writeCharSequence(text, StandardCharsets.US_ASCII);
            int size = scanner.scan(buffer.memoryAddress(), text.length());
            assertThatThrownBy(() -> scanner.found(size)).isInstanceOf(IndexOutOfBoundsException.class);
            return IntStream.range(0, size).mapToObj(scanner::found).toList();
        } finally {
            buffer.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsEachExpressionOnceInTheOrderOfItsFirstMatch(PatternScanner.Callback kind) {
        try (PatternDatabase database = database(WORDS);
                PatternScanner scanner = new PatternScanner(database, kind)) {
            String text = "w129 w064 w000 w063 w127 w128 ".repeat(2_000);
            for (int i = 0; i < 3; i++) {
                assertThat(found(scanner, text)).containsExactly(129, 64, 0, 63, 127, 128);
                assertThat(found(scanner, "w064 w001")).containsExactly(64, 1);
                assertThat(found(scanner, "w130")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsAllThereIsAndNoMore(PatternScanner.Callback kind) {
        for (int words : new int[] {1, 2, 63, 64, 65, WORDS}) {
            try (PatternDatabase database = database(words);
                    PatternScanner scanner = new PatternScanner(database, kind)) {
                StringBuilder text = new StringBuilder();
                IntStream.range(0, words).forEach(i -> text.append("w%03d".formatted(i)));
                for (int i = 0; i < 2; i++) { // the second is after a scan that was stopped
                    assertThat(found(scanner, text + "w000".repeat(9))).hasSize(words);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void threadsDoNotMeetInOneDatabase(PatternScanner.Callback kind) {
        try (PatternDatabase database = database(WORDS)) {
            IntStream.range(0, 8).parallel().forEach(thread -> {
                Random random = new Random(thread);
                try (PatternScanner scanner = new PatternScanner(database, kind)) {
                    for (int i = 0; i < 2_000; i++) {
                        List<Integer> words =
                                random.ints(20, 0, WORDS).distinct().boxed().toList();
                        StringBuilder text = new StringBuilder();
                        words.forEach(word -> text.append("w%03d ".formatted(word)));
                        assertThat(found(scanner, text.toString())).isEqualTo(words);
                    }
                }
            });
        }
    }

    /** Whatever ids there are, also such as no database has. */
    @Test
    void machineCodeWritesWhatJavaWritesAndNeverBeyondItsRoom() {
        CallContext context = CallContext.getCallContext(
                Type.SINT32,
                new Type[] {Type.UINT32, Type.UINT64, Type.UINT64, Type.UINT32, Type.POINTER},
                CallingConvention.DEFAULT,
                false);
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int patterns : new int[] {1, 2, 31, 32, 33, 63, 64, 65, 128, 1_000}) {
            FoundPatterns java = new FoundPatterns(patterns);
            FoundPatterns code = new FoundPatterns(patterns);
            for (int i = 0; i < 8 * patterns; i++) {
                int id = i % 8 == 0 ? random.nextInt() : random.nextInt(patterns + 1);
                long stop =
                        Invoker.getInstance().invokeN5(context, ScanCode.callback(), id, -1, -1, -1, code.address());
                assertThat((int) stop == 0)
                        .as("id %d of %d, seed %d", id, patterns, seed)
                        .isEqualTo(java.add(id));
                assertThat(code.size()).isEqualTo(java.size()).isLessThanOrEqualTo(patterns);
            }
            assertThat(ids(code)).isEqualTo(ids(java)).doesNotHaveDuplicates();
            code.clear();
            assertThat(code.size()).isZero();
            assertThat(code.add(0)).isEqualTo(patterns > 1); // its bit is gone
            java.free();
            code.free();
        }
    }

    private static List<Integer> ids(FoundPatterns found) {
        return IntStream.range(0, found.size()).mapToObj(found::id).toList();
    }
}

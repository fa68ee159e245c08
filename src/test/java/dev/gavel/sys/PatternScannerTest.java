package dev.gavel.sys;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.sys.PatternDatabase.Expression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatternScannerTest {
    private final Vectorscan library =
            Vectorscan.load(Path.of(System.getProperty("gavel.native")).resolve("libhs.so"));
    private int calls;

    @Test
    void throwsWhatItsListenerThrowsOnce() throws PatternDatabase.Refusal {
        ByteBuf buffer = Unpooled.directBuffer(256).writeZero(256);
        buffer.setCharSequence(0, "an evil word", StandardCharsets.US_ASCII);
        List<Expression> evil = List.of(new Expression("evil", PatternDatabase.SINGLE_MATCH, 0, Long.MAX_VALUE));
        try (PatternDatabase database = PatternDatabase.compile(library, evil);
                PatternScanner scanner = new PatternScanner(database, (id, end) -> matched())) {
            assertThatThrownBy(() -> scanner.scan(buffer.memoryAddress(), 12)).isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(() -> scanner.scan(buffer.memoryAddress(), 12)).isInstanceOf(ArithmeticException.class);
            assertThatCode(() -> scanner.scan(buffer.memoryAddress(), 12)).doesNotThrowAnyException();
        } finally {
            buffer.release();
        }
    }

    private boolean matched() {
        return switch (calls++) {
            case 0 -> throw new StackOverflowError("made to fail");
            case 1 -> throw new ArithmeticException("made to fail");
            default -> true;
        };
    }
}

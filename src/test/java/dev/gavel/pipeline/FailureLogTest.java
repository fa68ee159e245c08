package dev.gavel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.pipeline.FailureLog.Kind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final CapturedLog log = CapturedLog.of(FailureLog.class);
    private long now = Long.MAX_VALUE - SECOND_NS / 2; // the clock of a machine may be anywhere
    private final FailureLog failures = new FailureLog(() -> now);

    @AfterEach
    void closesTheLog() {
        log.close();
    }

    private void report(Kind what, String message) {
        failures.report(what, new IllegalStateException(message));
    }

    private List<String> thrown() {
        return log.lines().stream()
                .map(line -> line.substring(line.lastIndexOf(": ") + 2))
                .toList();
    }

    @Test
    void saysOfEachKindWhatFailed() {
        for (Kind kind : Kind.values()) {
            report(kind, "x");
        }
        assertThat(log.lines())
                .containsExactly(
                        "a packet could not be judged; it gets the verdict of overload: x",
                        "what hears of verdicts, such as events, has failed; the packet's verdict was sent before: x",
                        "the ends of a rejected packet could not be told; it was dropped before: x",
                        "a thread died and is replaced; what it held and had not judged gets the verdict of overload:"
                                + " x");
    }

    @Test
    void limitsEachKindByItself() {
        for (int i = 0; i < 1000; i++) {
            report(Kind.LISTENER, "noisy " + i);
        }
        report(Kind.JUDGEMENT, "rare");
        assertThat(thrown()).containsExactly("noisy 0", "rare");
        now += SECOND_NS - 1;
        report(Kind.LISTENER, "too early");
        now++;
        report(Kind.LISTENER, "in time");
        report(Kind.REJECTOR, "the first of its kind");
        assertThat(thrown()).containsExactly("noisy 0", "rare", "in time", "the first of its kind");
    }

    @Test
    void limitsByPipeline() {
        report(Kind.THREAD, "one");
        new FailureLog(() -> now).report(Kind.THREAD, new IllegalStateException("other"));
        assertThat(thrown()).containsExactly("one", "other");
    }
}

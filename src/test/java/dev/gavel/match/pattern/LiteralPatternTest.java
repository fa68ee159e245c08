package dev.gavel.match.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiteralPatternTest {
    private static final int NO_END = Integer.MAX_VALUE;

    @Test
    void refusesNoBytes() {
        assertThatThrownBy(() -> new LiteralPattern(new byte[0], Case.SENSITIVE, 0, NO_END))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 bytes");
    }

    @Test
    void refusesSliceThatCannotHoldIt() {
        byte[] three = {1, 2, 3};
        assertThatThrownBy(() -> new LiteralPattern(three, Case.SENSITIVE, -1, NO_END))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LiteralPattern(three, Case.SENSITIVE, 5, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[5:7]");
        assertThatThrownBy(() -> new LiteralPattern(three, Case.SENSITIVE, NO_END - 1, NO_END))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LiteralPattern(three, Case.SENSITIVE, NO_END, Integer.MIN_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> new LiteralPattern(three, Case.SENSITIVE, 5, 8)).doesNotThrowAnyException();
    }

    @Test
    void keepsItsOwnBytes() {
        byte[] bytes = {1, 2};
        LiteralPattern pattern = new LiteralPattern(bytes, Case.SENSITIVE, 0, NO_END);
        bytes[0] = 9;
        pattern.bytes()[1] = 9;
        assertThat(pattern.bytes()).containsExactly(1, 2);
    }

    @Test
    void equalsByValue() {
        LiteralPattern pattern = new LiteralPattern(new byte[] {'a'}, Case.SENSITIVE, 1, 9);
        assertThat(pattern)
                .isEqualTo(new LiteralPattern(new byte[] {'a'}, Case.SENSITIVE, 1, 9))
                .hasSameHashCodeAs(new LiteralPattern(new byte[] {'a'}, Case.SENSITIVE, 1, 9))
                .isNotEqualTo(new LiteralPattern(new byte[] {'b'}, Case.SENSITIVE, 1, 9))
                .isNotEqualTo(new LiteralPattern(new byte[] {'a'}, Case.INSENSITIVE, 1, 9))
                .isNotEqualTo(new LiteralPattern(new byte[] {'a'}, Case.SENSITIVE, 2, 9))
                .isNotEqualTo(new LiteralPattern(new byte[] {'a'}, Case.SENSITIVE, 1, 8))
                .hasToString("61 SENSITIVE [1:9] ANYWHERE");
    }
}

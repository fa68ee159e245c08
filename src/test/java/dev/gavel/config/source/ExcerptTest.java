package dev.gavel.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void putsTheCaretUnderTheColumn() {
        assertThat(Excerpt.of("a == b", 3)).hasToString("a == b\n  ^");
        assertThat(Excerpt.of("", 1)).hasToString("\n^");
        assertThat(Excerpt.of("ab", 3)).hasToString("ab\n  ^");
        assertThat(Excerpt.of("ab", 99)).hasToString("ab\n  ^");
    }

    @Test
    void countsCellsOfTheTerminal() {
        assertThat(Excerpt.of("日本 x", 4).caret()).isEqualTo(5);
        assertThat(Excerpt.of("😀x", 2).caret()).isEqualTo(2);
        assertThat(Excerpt.of("e\u0301x", 3).caret()).isEqualTo(1); // e and an accent of its own
    }

    @Test
    void showsNothingThatMovesTheCursor() {
        assertThat(Excerpt.of("\ta\u202eb\u001b[1mc", 3)).isEqualTo(new Excerpt(" a.b.[1mc", 2));
    }

    @Test
    void cutsLongLinesAroundTheTrouble() {
        String digits = "0123456789".repeat(1000);
        for (int column = 1; column <= digits.length() + 1; column++) {
            Excerpt excerpt = Excerpt.of(digits, column);
            assertThat(excerpt.line().length()).isLessThanOrEqualTo(98);
            if (column <= digits.length()) {
                assertThat(excerpt.line().charAt(excerpt.caret())).isEqualTo(digits.charAt(column - 1));
            }
        }
        assertThat(Excerpt.of("x".repeat(96), 96)).isEqualTo(new Excerpt("x".repeat(96), 95));
        assertThat(Excerpt.of("x".repeat(97), 1)).isEqualTo(new Excerpt("x".repeat(96) + "…", 0));
        assertThat(Excerpt.of("x".repeat(97), 98)).isEqualTo(new Excerpt("…" + "x".repeat(96), 97));
    }
}

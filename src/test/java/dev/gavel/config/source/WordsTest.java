package dev.gavel.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void proposesTheClosestWord() {
        List<String> known = List.of("accept", "drop", "reject", "uid", "udp");
        assertThat(Words.didYouMean("acept", known)).isEqualTo(" (did you mean \"accept\"?)");
        assertThat(Words.didYouMean("rdop", known)).isEqualTo(" (did you mean \"drop\"?)");
        assertThat(Words.didYouMean("upd", known)).isEqualTo(" (did you mean \"udp\"?)");
        assertThat(Words.didYouMean("something", known)).isEmpty();
    }

    @Test
    void showsTextSafely() {
        assertThat(Words.quoted("a\nb\u001b")).isEqualTo("\"a.b.\"");
        assertThat(Words.quoted("x".repeat(100))).isEqualTo("\"" + "x".repeat(40) + "…\"");
        assertThat(Words.quoted("\ud83d\ude80".repeat(40))).isEqualTo("\"" + "\ud83d\ude80".repeat(40) + "\"");
    }

    @Test
    void listsWords() {
        assertThat(Words.either(List.of("a"))).isEqualTo("a");
        assertThat(Words.either(List.of("a", "b", "c"))).isEqualTo("a, b or c");
    }
}

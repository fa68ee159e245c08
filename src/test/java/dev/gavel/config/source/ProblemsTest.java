package dev.gavel.config.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class ProblemsTest {
    private final Problems problems = new Problems();

    @Test
    void keepsTheFirstFiftyErrorsInFileAndLineOrder() {
        problems.reading("z");
        for (int line = 100; line > 0; line--) {
            problems.error(new Place("a", line, 1), "wrong");
            problems.error(new Place("z", line, 1), "wrong");
        }
        assertThat(problems.list()).hasSize(50);
        assertThat(problems.list().get(0).place()).isEqualTo(new Place("z", 1, 1));
        assertThat(problems.list().get(49).place()).isEqualTo(new Place("z", 50, 1));
        ConfigException thrown = catchThrowableOfType(ConfigException.class, problems::throwIfErrors);
        assertThat(thrown).hasMessageEndingWith("z:50:1: wrong\n... and 150 more errors");
        assertThat(thrown.rest()).isEqualTo("... and 150 more errors");
    }

    @Test
    void showsTheLineOfAFileThatItHasRead() {
        problems.reading(new SourceFile("f", "one\r\ntwo\rthree\n\n"));
        problems.error(new Place("f", 2, 2), "wrong");
        problems.warning(new Place("f", 3, 6), "doubtful");
        problems.error(new Place("f", 4, 1), "empty");
        problems.error(new Place("f", 9, 9), "behind");
        problems.error(new Place("g", 1, 1), "unread");
        assertThat(problems.list())
                .extracting(Problem::toString)
                .containsExactly(
                        "f:2:2: wrong\ntwo\n ^",
                        "f:3:6: warning: doubtful\nthree\n     ^",
                        "f:4:1: empty\n\n^",
                        "f:9:9: behind\n\n^",
                        "g:1:1: unread");
        assertThat(problems.warnings()).extracting(Problem::excerpt).containsExactly(new Excerpt("three", 5));
    }

    @Test
    void neverLosesAnErrorToWarnings() {
        for (int line = 1; line <= 100; line++) {
            problems.warning(new Place("a", line, 1), "doubtful");
        }
        problems.error(new Place("a", 200, 1), "wrong");
        ConfigException thrown = catchThrowableOfType(ConfigException.class, problems::throwIfErrors);
        assertThat(thrown.problems()).hasSize(51);
        assertThat(thrown)
                .hasMessageStartingWith("a:1:1: warning: doubtful\n")
                .hasMessageEndingWith("\na:200:1: wrong");
    }

    @Test
    void doesNotThrowForWarnings() {
        problems.warning(new Place("a", 1, 1), "doubtful");
        assertThatCode(problems::throwIfErrors).doesNotThrowAnyException();
    }
}

package dev.gavel.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.source.Problem;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatternsTest {
    private static final Patterns.Limits LIMITS = new Patterns.Limits(4, 20, 30, 3);

    private static List<String> mistakes(String... whens) {
        Problems problems = new Problems();
        Patterns patterns = new Patterns(LIMITS);
        Lists lists = new Lists(DaemonConfig.defaults().lists(), problems);
        for (String when : whens) {
            ConditionCompiler.compile(SourceText.of("test", when), lists, patterns, problems);
        }
        return problems.list().stream().map(Problem::headline).toList();
    }

    @Test
    void takesWhatTheLimitsAllow() {
        assertThat(mistakes(
                        "payload contains {\"a\", \"b\", \"c\"}",
                        "payload contains \"a\" or payload contains \"12345678901234567\"")) // a again is no
                // other pattern
                .isEmpty();
        assertThat(mistakes("payload matches /a{10}/", "payload[1:9] matches /b{10}/"))
                .isEmpty();
    }

    @Test
    void tellsOnceAndWhereOfWhatIsTooMuch() {
        assertThat(mistakes("tcp and payload contains {\"a\", \"b\", \"c\", \"d\", \"e\"}", "payload contains \"f\""))
                .singleElement()
                .asString()
                .startsWith("test:1:9: more than 4 patterns in all policies; expected at most 4 patterns, ");
        assertThat(mistakes("payload contains \"123456789012345678901\""))
                .singleElement()
                .asString()
                .contains("more than 20 bytes of literals");
        assertThat(mistakes("payload matches /a{20}/", "payload matches /b{20}/"))
                .singleElement()
                .asString()
                .contains("too costly together: as 40 bytes");
        assertThat(mistakes(
                        "payload[0:5] matches /a/", "payload[0:6] matches /a/",
                        "payload[0:7] matches /a/", "payload[0:8] matches /a/"))
                .singleElement()
                .asString()
                .contains("more than 3 slices");
    }
}

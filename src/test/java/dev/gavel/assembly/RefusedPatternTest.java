package dev.gavel.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.match.PatternRefusal;
import dev.gavel.match.pattern.Regex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedPatternTest {
    @TempDir
    private Path folder;

    @Test
    void saysWhereThePatternStandsThatAMatcherRefuses() throws Exception {
        Path file = Files.writeString(folder.resolve("p.yaml"), """
                policy: p
                rules:
                  - {name: a, when: payload contains "a+b", verdict: drop}
                  - {name: b, when: 'tcp and payload[4:] matches /a+b/i', verdict: drop}
                  - {name: c, when: payload matches /a+b/i, verdict: drop}
                """);
        Loaded loaded = Loaded.load(List.of(file));
        PatternRefusal refusal = new PatternRefusal(Regex.parse("a+b", "i"), "Pattern is too large");
        assertThat(loaded.refused(refusal)).hasMessage(file + """
                :4:50: the matcher cannot compile "/a+b/i" (Pattern is too large); expected less
                  - {name: b, when: 'tcp and payload[4:] matches /a+b/i', verdict: drop}
                                                                 ^\
                """);
        assertThat(loaded.refused(new PatternRefusal(null, "no memory")))
                .hasMessageContaining("cannot compile the patterns of all rules (no memory)");
    }
}

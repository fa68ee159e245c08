package dev.gavel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.TestPrograms;
import dev.gavel.policy.program.Program;
import org.junit.jupiter.api.Test;

class InspectorCountersTest {
    private static Program program(String policy, String rule) throws ConfigException {
        String text = "policy: " + policy + "\nmode: shadow\nrules:\n  - {name: stays, when: tcp, verdict: drop}\n"
                + "  - {name: " + rule + ", when: udp, verdict: drop}\n";
        return TestPrograms.program(text);
    }

    @Test
    void keepsTheCountsOfRulesThatStayAndForgetsTheOthers() throws ConfigException {
        Program before = program("p", "old");
        InspectorCounters counters = new InspectorCounters();
        counters.use(before);
        before.rules().forEach(counters::matched);
        counters.use(program("p", "new"));
        assertThat(before.rules()).extracting(counters::matches).containsExactly(1L, 0L);
        counters.use(before);
        assertThat(before.rules()).extracting(counters::matches).containsExactly(1L, 0L);
    }

    @Test
    void forgetsPoliciesThatAreGone() throws ConfigException {
        InspectorCounters counters = new InspectorCounters();
        counters.use(program("p", "r"));
        assertThat(counters.shadowVerdicts("p")).isNotEmpty();
        counters.use(program("q", "r"));
        assertThat(counters.shadowVerdicts("p")).isEmpty();
        assertThat(counters.shadowVerdicts("q")).isNotEmpty();
    }
}

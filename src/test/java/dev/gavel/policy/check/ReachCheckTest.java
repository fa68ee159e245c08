package dev.gavel.policy.check;

import static dev.gavel.kit.TestPrograms.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.kit.NaiveExpressions;
import dev.gavel.kit.Seeds;
import dev.gavel.policy.program.Evaluation;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is warned of, case by case: {@code bad-inputs.txt}. */
class ReachCheckTest {
    private static final int POLICIES = 2_000;
    private static final Pattern WARNED = Pattern.compile("rule \"(r\\d+)\" is never reached");

    @Test
    void neverWarnsOfARuleThatDecides() throws ConfigException {
        long seed = Seeds.take();
        Random random = new Random(seed);
        NaiveExpressions expressions = new NaiveExpressions(random);
        int warnings = 0;
        int decisions = 0;
        for (int i = 0; i < POLICIES; i++) {
            String policy = policy(random, expressions);
            Program program = program(policy);
            Set<String> warned = warned(program);
            warnings += warned.size();
            for (int j = 0; j < 20; j++) {
                MadeUpFacts facts = MadeUpFacts.of(expressions.facts(), program.searches());
                Evaluation evaluation = new Evaluation();
                program.judge(Program.ANY_QUEUE, facts, evaluation);
                Rule rule = evaluation.findings().rule();
                assertThat(rule == null ? "" : rule.name())
                        .as("seed %d, %s", seed, policy)
                        .isNotIn(warned);
                decisions += rule == null ? 0 : 1;
            }
        }
        assertThat(warnings).as("seed %d", seed).isGreaterThan(POLICIES / 2);
        assertThat(decisions).as("seed %d", seed).isGreaterThan(POLICIES);
    }

    /** Few expressions in many combinations. */
    private static String policy(Random random, NaiveExpressions expressions) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parts.add(expressions.expression(i / 2).text().replace("'", "''"));
        }
        StringBuilder policy = new StringBuilder("policy: p\nwhen: '" + combined(random, parts) + "'\nrules:\n");
        for (int i = 0; i < 6; i++) {
            String verdict = List.of("accept", "drop", "reject", "continue").get(random.nextInt(4));
            policy.append("  - name: r" + i + "\n    verdict: " + verdict + "\n");
            policy.append("    when: '" + combined(random, parts) + "'\n");
        }
        return policy.toString();
    }

    private static String combined(Random random, List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String part = "(" + parts.get(random.nextInt(parts.size())) + ")";
            text.append(random.nextInt(5) == 0 ? "not " : "").append(part);
            text.append(i == 0 ? "" : random.nextBoolean() ? " and " : " or ");
        }
        return text.toString();
    }

    private static Set<String> warned(Program program) {
        Set<String> warned = new HashSet<>();
        program.warnings().forEach(warning -> {
            Matcher matcher = WARNED.matcher(warning.message());
            if (matcher.find()) {
                warned.add(matcher.group(1));
            }
        });
        return warned;
    }
}

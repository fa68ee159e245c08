package dev.gavel.policy.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.kit.NaiveExpressions;
import dev.gavel.kit.Seeds;
import dev.gavel.kit.TestPrograms;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.index.RuleIndex;
import dev.gavel.policy.index.StepSet;
import dev.gavel.queue.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleIndexTest {
    /** A hundred thousand pairs of program and facts: {@code -Dgavel.index.programs=250}. */
    private static final int PROGRAMS = Integer.getInteger("gavel.index.programs", 25);

    private static final int FACTS = 400;

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);
    private final Evaluation evaluation = new Evaluation();
    private final NaiveExpressions expressions = new NaiveExpressions(random);

    @Test
    void judgesAsIfEveryStepWereTried() throws ConfigException {
        Evaluation indexed = new Evaluation();
        Evaluation tried = new Evaluation();
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < PROGRAMS; i++) {
            List<String> policies = policies();
            Program program = program(policies);
            RuleIndex all = ofAll(program.steps());
            for (int j = 0; j < FACTS; j++) {
                Map<String, Object> values = expressions.facts();
                Facts facts = MadeUpFacts.of(values, program.searches());
                int queue = random.nextInt(5) - 1;
                program.judge(queue, facts, indexed);
                program.judge(queue, facts, tried, all);
                assertThat(shown(indexed))
                        .as("seed %d, queue %d, %s, %s", seed, queue, values, policies)
                        .isEqualTo(shown(tried));
                outcomes.add(tried.findings().verdict() + " " + tried.findings().reason() + " "
                        + tried.findings().isOpen());
            }
        }
        assertThat(outcomes).as("seed %d", seed).hasSizeGreaterThan(10);
    }

    @Test
    void asksLittleOfAPacketThatFitsNoRule() throws ConfigException {
        Program program = program(IntStream.range(0, 5_000)
                .mapToObj(i -> "tcp.dst_port == 80 and ip.src == 10.1." + (i >> 8) + "." + (i & 0xff)));
        MadeUpFacts facts = web().address(Field.IP_SRC, "10.2.0.1");
        program.judge(0, facts, evaluation);
        assertThat(facts.questions()).isLessThan(10);
        program.judge(0, facts.address(Field.IP_SRC, "10.1.19.135"), evaluation);
        assertThat(evaluation.findings().continued(0).name()).isEqualTo("r4999");
        assertThat(facts.questions()).isLessThan(20);
    }

    @Test
    void searchesOnlyPacketsThatFitARuleWithAPattern() throws ConfigException {
        Program program = program(
                IntStream.range(0, 100).mapToObj(i -> "tcp.dst_port == 80 and payload contains \"word" + i + "\""));
        MadeUpFacts facts = web().searches(program.searches()).number(Field.DST_PORT, 443);
        program.judge(0, facts, evaluation);
        assertThat(facts.searchQuestions()).isZero();
        program.judge(0, facts.number(Field.DST_PORT, 80), evaluation);
        assertThat(facts.searchQuestions()).isPositive();
        assertThat(evaluation.findings().continued(0).name()).isEqualTo("r7");
        assertThat(evaluation.findings().continuedCount()).isEqualTo(2);
    }

    /** Each of these holds for the packet, and for most others: the port of the rules is what few packets have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip.version == 4",
                "ip.ttl == 64",
                "ip.dscp == 0",
                "ip.ecn == 0",
                "ip.proto == tcp",
                "hook == input",
                "tcp.flags == 0x18",
                "vlan.id == 7",
                "queue == 0",
                "tcp.window == 512",
                "not ip.fragment",
                "ip.version == 4 and tcp and hook == input"
            })
    void searchesOnlyPacketsOfThePortThatAGuardSaysNothingOf(String guard) throws ConfigException {
        String rules = IntStream.range(0, 10)
                .mapToObj(i -> "  - {name: r" + i
                        + ", verdict: continue, when: 'tcp.dst_port == 80 and payload contains \"word" + i + "\"'}\n")
                .collect(Collectors.joining());
        Program program = program(List.of("policy: p\nwhen: '" + guard + "'\nrules:\n" + rules));
        MadeUpFacts facts = web().searches(program.searches())
                .number(Field.QUEUE, 0)
                .number(Field.HOOK, 1)
                .number(Field.VLAN_ID, 7)
                .number(Field.IP_VERSION, 4)
                .number(Field.IP_PROTO, 6)
                .number(Field.IP_DSCP, 0)
                .number(Field.IP_ECN, 0)
                .number(Field.IP_FRAGMENT, 0)
                .number(Field.TCP_FLAGS, 0x18)
                .number(Field.TCP_WINDOW, 512)
                .number(Field.DST_PORT, 443);
        program.judge(0, facts, evaluation);
        assertThat(facts.searchQuestions()).isZero();
        program.judge(0, facts.number(Field.DST_PORT, 80), evaluation);
        assertThat(facts.searchQuestions()).isPositive();
        assertThat(evaluation.findings().continued(0).name()).isEqualTo("r7");
    }

    @Test
    void searchesNothingWhenARuleInFrontDecides() throws ConfigException {
        String rules = IntStream.range(0, 100)
                .mapToObj(i -> "  - {name: r" + i + ", verdict: drop, when: 'payload contains \"word" + i + "\"'}\n")
                .collect(Collectors.joining());
        Program program = program(
                List.of("policy: p\nrules:\n  - {name: first, verdict: accept, when: ip.src == 10.0.0.1}\n" + rules));
        MadeUpFacts facts = web().searches(program.searches()).address(Field.IP_SRC, "10.0.0.1");
        program.judge(0, facts, evaluation);
        assertThat(facts.searchQuestions()).isZero();
        assertThat(evaluation.findings().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void searchesNothingThatWhatElseFewRulesAskForSpares() throws ConfigException {
        Program program =
                program(IntStream.range(0, 5).mapToObj(i -> "not ip.ttl == 64 and payload contains \"word" + i + "\""));
        MadeUpFacts facts = web().searches(program.searches());
        program.judge(0, facts, evaluation);
        assertThat(facts.searchQuestions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload", "packet"})
    void searchesNothingForRulesBehindTheDecision(String field) throws ConfigException {
        Program program = program(List.of("""
                policy: p
                rules:
                  - {name: spared, verdict: drop, when: 'not ip.ttl == 64 and payload contains "word7"'}
                  - {name: decides, verdict: accept, when: ip.src == 10.0.0.1}
                  - {name: behind, verdict: drop, when: '%s contains "word77"'}
                """.formatted(field)));
        MadeUpFacts facts = web().searches(program.searches()).address(Field.IP_SRC, "10.0.0.1");
        program.judge(0, facts, evaluation);
        assertThat(facts.searchQuestions()).isZero();
        assertThat(evaluation.findings().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void searchesNothingForRulesOfAnotherQueue() throws ConfigException {
        Program program = program(List.of("""
                policy: other
                queues: 1
                rules:
                  - {name: r, verdict: drop, when: 'payload contains "word"'}
                """, """
                policy: p
                rules:
                  - {name: r, verdict: drop, when: 'not ip.ttl == 64 and payload contains "word7"'}
                """));
        MadeUpFacts facts = web().searches(program.searches());
        program.judge(0, facts, evaluation);
        assertThat(facts.searchQuestions()).isZero();
        program.judge(1, facts, evaluation);
        assertThat(evaluation.findings().verdict()).isEqualTo(Verdict.DROP);
    }

    @Test
    void wakesAllRulesOfAPattern() throws ConfigException {
        Program program = program(IntStream.range(0, 100)
                .mapToObj(
                        i -> "payload contains \"word7\" and not ip.ttl == 3 and not payload contains \"z" + i + "\""));
        program.judge(0, web().searches(program.searches()), evaluation);
        assertThat(evaluation.findings().continuedCount()).isEqualTo(100);
    }

    @Test
    void wakesByThePatternsOfEachPolicy() throws ConfigException {
        String rules = IntStream.range(0, 20)
                .mapToObj(
                        i -> "  - {name: r" + i + ", verdict: continue, when: 'payload contains \"word" + i + "\"'}\n")
                .collect(Collectors.joining());
        Program program = program(List.of(
                "policy: udp\nwhen: udp\nrules:\n" + rules,
                "policy: other-queue\nqueues: 1\nrules:\n" + rules,
                "policy: tcp\nwhen: tcp\nrules:\n" + rules));
        program.judge(0, web().searches(program.searches()), evaluation);
        assertThat(evaluation.findings().continued(0).path()).isEqualTo("tcp/r7");
        assertThat(evaluation.findings().continuedCount()).isEqualTo(1);
    }

    /** An index by which each of {@code steps} steps is tried. */
    private static RuleIndex ofAll(int steps) {
        StepSet always = new StepSet(steps);
        IntStream.range(0, steps).forEach(always::add);
        int[][] wanted = new int[steps][];
        Arrays.fill(wanted, RuleIndex.NONE);
        return new RuleIndex(always, List.of(), wanted, new int[0][][]);
    }

    private static MadeUpFacts web() {
        return new MadeUpFacts()
                .number(Field.TCP, 1)
                .number(Field.UDP, 0)
                .number(Field.IP_TTL, 64)
                .number(Field.DST_PORT, 80)
                .bytes(Field.PAYLOAD, "a word7 and word77".getBytes(StandardCharsets.US_ASCII));
    }

    /** One policy of rules r0, r1, … that are all tried. */
    private static Program program(Stream<String> conditions) throws ConfigException {
        StringBuilder policy = new StringBuilder("policy: p\nrules:\n");
        int[] number = {0};
        conditions.forEach(condition ->
                policy.append("  - {name: r" + number[0]++ + ", verdict: continue, when: '" + condition + "'}\n"));
        return program(List.of(policy.toString()));
    }

    private static String shown(Evaluation evaluation) {
        Findings found = evaluation.findings();
        Shadows shadows = found.shadows();
        return found.verdict() + " " + found.reason() + " " + found.rule() + " " + found.policy() + " "
                + found.isOpen() + " " + found.markValue() + "/" + found.markMask()
                + each(found.continuedCount(), found::continued)
                + each(shadows.count(), shadows::met)
                + each(shadows.verdictCount(), shadows::verdict);
    }

    private static List<?> each(int count, IntFunction<?> of) {
        return IntStream.range(0, count).mapToObj(of).toList();
    }

    /** Policies of a few or some hundred rules that seldom match, so that packets come to the last ones too. */
    private List<String> policies() {
        List<String> policies = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            StringBuilder policy = new StringBuilder("policy: p" + i + "\n");
            if (random.nextInt(3) == 0) {
                policy.append("queues: [" + random.nextInt(4) + ", 2]\n");
            }
            if (random.nextBoolean()) {
                policy.append("when: '" + quoted(expressions.expression(1).text()) + "'\n");
            }
            policy.append("rules:\n");
            for (int j = random.nextInt(random.nextInt(3) == 0 ? 6 : 200); j >= 0; j--) {
                policy.append("  - {name: r" + j + ", " + effect() + ", when: '" + quoted(condition()) + "'}\n");
            }
            policy.append(random.nextInt(3) == 0 ? "default: " + pick("accept", "drop") + "\n" : "");
            policies.add(policy.toString());
        }
        return policies;
    }

    private static String quoted(String expression) {
        return expression.replace("'", "''");
    }

    private String effect() {
        return "verdict: "
                + pick(
                        "accept, mark: 0x20/0xf0",
                        "drop",
                        "drop, mode: shadow",
                        "accept, mode: shadow",
                        "reject",
                        "continue",
                        "continue, mark: 0x10/0x30",
                        "repeat, mark: 0x1/0x1",
                        "queue 9 bypass");
    }

    private String condition() {
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            parts.add("(" + expressions.expression(random.nextInt(3)).text() + ")");
        }
        if (random.nextInt(10) > 0) {
            parts.add(
                    random.nextInt(parts.size() + 1),
                    random.nextInt(4) > 0 ? key() : "(" + key() + " or " + key() + ")");
        }
        return String.join(random.nextInt(20) == 0 ? " or " : " and ", parts);
    }

    /** Of few packets only. */
    private String key() {
        int number = random.nextInt(40);
        return switch (random.nextInt(8)) {
            case 0 -> "port == " + number;
            case 1 -> "dst_port in {" + number + ".." + (number + random.nextInt(5)) + ", 443}";
            case 2 -> "ip.addr == " + pick("10.0.0.7", "2001:db8::1", "192.0.2." + number, "2001:db8::/61");
            case 3 -> "ip.src in {10.0.0." + number + "..10.0.1.2, 2001:db8::" + number + "..2001:db8:1::}";
            case 4 -> "mark > " + (4 + number);
            case 5 -> "packet[0:9] icontains " + pick("\"abba\"", "\"aabb\"", "\"bab\"", "\"z" + number + "\"");
            default ->
                "payload contains {\"" + pick("abab", "BABA", "bbA", "z") + number % 3 + "\", \""
                        + pick("ABB", "aba", "bBb") + pick("a", "b", "ab") + "\"}";
        };
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Program program(List<String> policies) throws ConfigException {
        return TestPrograms.program(policies.toArray(String[]::new));
    }
}

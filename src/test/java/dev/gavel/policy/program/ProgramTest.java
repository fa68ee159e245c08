package dev.gavel.policy.program;

import static dev.gavel.kit.TestPrograms.program;
import static dev.gavel.kit.TestPrograms.programWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.match.pattern.Case;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.policy.facts.Field;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final Evaluation evaluation = new Evaluation();
    private final MadeUpFacts facts = new MadeUpFacts().number(Field.MARK, 0);

    @Test
    void letsTheFirstMatchDecide() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: a, when: ip.ttl == 1, verdict: drop}
                  - {name: b, when: ip.ttl < 5, verdict: reject}
                  - {name: c, when: ip.ttl < 9, verdict: queue 7 bypass}
                """);
        judge(program, facts.number(Field.IP_TTL, 1));
        assertDecided(Verdict.DROP, Reason.RULE, "p/a");
        judge(program, facts.number(Field.IP_TTL, 2));
        assertDecided(Verdict.REJECT, Reason.RULE, "p/b");
        judge(program, facts.number(Field.IP_TTL, 8));
        assertDecided(new Verdict.Requeue(7, Verdict.NoListener.ACCEPT), Reason.RULE, "p/c");
        judge(program, facts.number(Field.IP_TTL, 9));
        assertDecided(Verdict.ACCEPT, Reason.DEFAULT, null);
        assertThat(evaluation.findings().policy()).isNull();
    }

    @Test
    void usesDefaultsOfPoliciesAndAtLastTheDaemons() throws ConfigException {
        Program program = programWith(
                "default: drop\n",
                "policy: a\nwhen: tcp\ndefault: accept\n",
                "policy: b\nwhen: udp\nrules: []\ndefault: reject\n");
        judge(program, facts.number(Field.TCP, 1).number(Field.UDP, 0));
        assertDecided(Verdict.ACCEPT, Reason.DEFAULT, null);
        assertThat(evaluation.findings().policy()).isEqualTo("a");
        judge(program, facts.number(Field.TCP, 0).number(Field.UDP, 1));
        assertDecided(Verdict.REJECT, Reason.DEFAULT, null);
        assertThat(evaluation.findings().policy()).isEqualTo("b");
        judge(program, facts.number(Field.UDP, 0));
        assertDecided(Verdict.DROP, Reason.DEFAULT, null);
        assertThat(evaluation.findings().policy()).isNull();
    }

    @Test
    void guardsEveryRule() throws ConfigException {
        Program program = program("policy: p\nwhen: tcp\nrules:\n  - {name: a, verdict: drop}\n");
        judge(program, facts.number(Field.TCP, 0));
        assertDecided(Verdict.ACCEPT, Reason.DEFAULT, null);
        judge(program, facts.number(Field.TCP, 1));
        assertDecided(Verdict.DROP, Reason.RULE, "p/a");
    }

    @Test
    void addsUpMarksOfTheRulesMet() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: a, verdict: continue, mark: 0x1/0xf}
                  - {name: b, when: ip.ttl == 1, verdict: continue, mark: 0x20/0xf0}
                  - {name: c, verdict: continue, mark: 0x3/0x3}
                  - {name: d, verdict: accept, mark: 0x100/0x100}
                  - {name: e, verdict: accept, mark: 0xffff}
                """);
        judge(program, facts.number(Field.IP_TTL, 1));
        assertThat(evaluation.findings().markValue()).isEqualTo(0x123);
        assertThat(evaluation.findings().markMask()).isEqualTo(0x1ff);
        assertThat(evaluation.findings().mark(0x8888)).isEqualTo(0x8923);
        assertThat(continued()).containsExactly("p/a", "p/b", "p/c");
        judge(program, facts.number(Field.IP_TTL, 2));
        assertThat(evaluation.findings().markValue()).isEqualTo(0x103);
        assertThat(continued()).containsExactly("p/a", "p/c");
    }

    @Test
    void remembersAnyNumberOfContinuedRules() throws ConfigException {
        StringBuilder policy = new StringBuilder("policy: p\nrules:\n");
        for (int i = 0; i < 50; i++) {
            policy.append("  - {name: r").append(i).append(", verdict: continue}\n");
        }
        judge(program(policy.toString()), facts);
        assertThat(evaluation.findings().continuedCount()).isEqualTo(50);
        assertThat(evaluation.findings().changesMark()).isFalse();
        assertThat(evaluation.findings().continued(49).name()).isEqualTo("r49");
    }

    @Test
    void doesNotRepeatAPacketThatHasTheMark() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: again, verdict: repeat, mark: 0x80000001/0x8000000f}
                  - {name: back, verdict: drop}
                """);
        judge(program, facts.number(Field.MARK, 0x70));
        assertDecided(Verdict.REPEAT, Reason.RULE, "p/again");
        assertThat(evaluation.findings().mark(0x70)).isEqualTo(0x80000071);
        judge(program, facts.number(Field.MARK, 0x80000071L));
        assertDecided(Verdict.DROP, Reason.RULE, "p/back");
    }

    @Test
    void repeatsByDefaultWithTheQueuesMark() throws ConfigException {
        Program program = programWith(
                "default: repeat\nqueues: [{number: 0-1, mode: repeat, repeat-mark: 0x4/0x4}]\n", "policy: p\n");
        judge(program, facts);
        assertDecided(Verdict.REPEAT, Reason.DEFAULT, null);
        assertThat(evaluation.findings().mark(1)).isEqualTo(5);
        judge(program, facts.number(Field.MARK, 5));
        assertDecided(Verdict.ACCEPT, Reason.DEFAULT, null);
    }

    @Test
    void asksOnlyPoliciesThatTakeThePacketsQueue() throws ConfigException {
        Program program = program(
                "policy: a\nqueues: [1, 4-5]\nrules:\n  - {name: r, verdict: drop}\n",
                "policy: b\nqueues: 5-6\nrules:\n  - {name: r, verdict: reject}\n",
                "policy: c\nrules:\n  - {name: r, verdict: accept}\n");
        assertThat(ruleOf(program, 1)).isEqualTo("a/r");
        assertThat(ruleOf(program, 5)).isEqualTo("a/r");
        assertThat(ruleOf(program, 6)).isEqualTo("b/r");
        assertThat(ruleOf(program, 0)).isEqualTo("c/r");
        assertThat(ruleOf(program, 7)).isEqualTo("c/r");
        assertThat(ruleOf(program, 65535)).isEqualTo("c/r");
        assertThat(ruleOf(program, Program.ANY_QUEUE)).isEqualTo("a/r");
    }

    @Test
    void blocksBehindOpenRulesThatBlockToo() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: maybe, when: 'payload contains "x"', verdict: reject}
                  - {name: sure, verdict: drop}
                """);
        judge(program, facts.open(Field.PAYLOAD));
        assertDecided(Verdict.DROP, Reason.RULE, "p/sure");
        assertThat(evaluation.findings().isOpen()).isTrue();
    }

    @Test
    void isPendingBehindAnOpenRuleThatPasses() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: effect, verdict: continue, mark: 1/1}
                  - {name: maybe, when: 'payload contains "x"', verdict: accept}
                  - {name: maybe-blocked, when: 'payload contains "y"', verdict: drop}
                  - {name: sure, verdict: drop, mark: 2/2}
                """);
        judge(program, facts.open(Field.PAYLOAD));
        assertDecided(Verdict.ACCEPT, Reason.PENDING, null);
        assertThat(evaluation.findings().mark(0)).isEqualTo(1);
    }

    @Test
    void passesBehindOpenRules() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: maybe, when: 'payload contains "x"', verdict: drop}
                  - {name: open-effect, when: 'not payload contains "x"', verdict: continue, mark: 1}
                  - {name: false, when: 'ip.ttl == 3 and payload contains "x"', verdict: accept}
                  - {name: sure, when: 'ip.ttl == 1 or payload contains "y"', verdict: accept}
                """);
        judge(program, facts.open(Field.PAYLOAD).number(Field.IP_TTL, 1));
        assertDecided(Verdict.ACCEPT, Reason.RULE, "p/sure");
        assertThat(evaluation.findings().isOpen()).isTrue();
        assertThat(evaluation.findings().continuedCount()).isZero();
    }

    @Test
    void isOpenWhereTheGuardIs() throws ConfigException {
        Program program = program(
                "policy: p\nwhen: payload\nrules:\n  - {name: r, verdict: accept}\n", "policy: q\ndefault: drop\n");
        judge(program, facts.open(Field.PAYLOAD));
        assertDecided(Verdict.ACCEPT, Reason.PENDING, null);
    }

    @Test
    void givesEqualPatternsOneIndex() throws ConfigException {
        Program program = program("""
                policy: p
                when: payload[0:9] contains {"ab", |61 62|, "c"}
                rules:
                  - {name: a, when: 'payload contains "ab" or payload icontains "ab"', verdict: drop}
                  - {name: b, when: 'packet contains "ab" or payload[0:9] contains "\\x61b"', verdict: drop}
                """);
        assertThat(program.searches().get(0).patterns())
                .extracting(ProgramTest::shown)
                .containsExactly("ab SENSITIVE 0 9", "c SENSITIVE 0 9", "ab SENSITIVE 0 *", "ab INSENSITIVE 0 *");
        assertThat(program.searches().get(1).patterns())
                .extracting(ProgramTest::shown)
                .containsExactly("ab SENSITIVE 0 *");
    }

    private static String shown(Pattern shown) {
        LiteralPattern pattern = (LiteralPattern) shown;
        String to = pattern.to() == Integer.MAX_VALUE ? "*" : String.valueOf(pattern.to());
        String text = new String(pattern.bytes(), StandardCharsets.UTF_8);
        Case sensitivity = pattern.sensitivity();
        return text + " " + sensitivity + " " + pattern.from() + " " + to;
    }

    @Test
    void tellsOfEveryRuleWithAnEventThatWasMet() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: a, verdict: continue, event: true}
                  - {name: b, verdict: continue, event: 10/s}
                  - {name: c, verdict: continue, event: false}
                  - {name: d, when: udp, verdict: accept, event: true}
                  - {name: e, when: tcp, verdict: drop, event: true}
                  - {name: f, verdict: drop, event: true}
                """);
        judge(program, new MadeUpFacts().number(Field.TCP, 1));
        assertThat(IntStream.range(0, evaluation.findings().alertCount())
                        .mapToObj(i -> evaluation.findings().alert(i).source().rule()))
                .containsExactly("a", "b", "e");
        judge(program, new MadeUpFacts().number(Field.UDP, 1));
        assertThat(evaluation.findings().alertCount()).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation.findings().alert(3));
    }

    @Test
    void keepsWhatIdentifiesItsRules() throws ConfigException {
        Program program = program(
                "policy: p\nrules:\n  - {name: a, verdict: drop, event: true, message: m, id: 9, severity: 1}\n",
                "policy: q\nrules:\n  - {name: a, when: tcp, verdict: continue}\n");
        Rule first = program.rules().get(0);
        assertThat(first.path()).isEqualTo("p/a");
        assertThat(first.verdict()).isEqualTo(Verdict.DROP);
        assertThat(first.alert().source()).isEqualTo(new Alert.Source("p", "a", "enforce"));
        assertThat(first.alert().signature()).isEqualTo("m");
        assertThat(first.alert().id()).isEqualTo(9);
        assertThat(first.alert().severity()).isEqualTo(1);
        Rule second = program.rules().get(1);
        assertThat(second.index()).isEqualTo(1);
        assertThat(second.verdict()).isNull();
        assertThat(second.alert()).isNull();
        assertThat(program.warnings()).hasSize(1);
    }

    @Test
    void shipsAConfigurationOfDefaults() throws ConfigException {
        Problems problems = new Problems();
        DaemonConfig shipped = new ConfigLoader(problems).daemon(Path.of("config/gavel.yaml"));
        DaemonConfig empty = DaemonConfig.defaults();
        assertThat(shipped)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*place", "policiesPlace", "policies")
                .isEqualTo(empty);
        assertThat(shipped.policies().getFileName()).isEqualTo(empty.policies().getFileName());
    }

    private void judge(Program program, MadeUpFacts packet) {
        packet.searches(program.searches());
        program.judge(Program.ANY_QUEUE, packet, evaluation);
    }

    private String ruleOf(Program program, int queue) {
        program.judge(queue, facts, evaluation);
        return evaluation.findings().rule().path();
    }

    private void assertDecided(Verdict verdict, Reason reason, String path) {
        assertThat(evaluation.findings().verdict()).isEqualTo(verdict);
        assertThat(evaluation.findings().reason()).isEqualTo(reason);
        assertThat(
                        evaluation.findings().rule() == null
                                ? null
                                : evaluation.findings().rule().path())
                .isEqualTo(path);
    }

    private List<String> continued() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < evaluation.findings().continuedCount(); i++) {
            paths.add(evaluation.findings().continued(i).path());
        }
        return paths;
    }
}

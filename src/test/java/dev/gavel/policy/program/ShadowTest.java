package dev.gavel.policy.program;

import static dev.gavel.kit.TestPrograms.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.policy.facts.Field;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code mode: shadow} means in a program. */
class ShadowTest {
    private final Evaluation evaluation = new Evaluation();
    private final MadeUpFacts facts = new MadeUpFacts().number(Field.MARK, 0);

    @Test
    void decidesNothingAndChangesNothing() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: a, mode: shadow, verdict: continue, mark: 1/1}
                  - {name: b, mode: shadow, verdict: reject}
                  - {name: c, mode: shadow, verdict: repeat, mark: 2/2}
                  - {name: d, when: ip.ttl == 1, verdict: queue 7}
                  - {name: e, mode: shadow, verdict: drop}
                """);
        facts.number(Field.IP_TTL, 1);
        judge(program);
        assertThat(evaluation.findings().rule().path()).isEqualTo("p/d");
        assertThat(evaluation.findings().changesMark()).isFalse();
        assertThat(evaluation.findings().continuedCount()).isZero();
        assertThat(met()).containsExactly("p/a continue", "p/b reject", "p/c repeat");
        assertThat(wouldDecide()).containsExactly("p/b reject");
    }

    @Test
    void takesTheWholePolicyWithItsDefault() throws ConfigException {
        Program program = program("""
                policy: p
                mode: shadow
                when: udp
                rules:
                  - {name: a, when: ip.ttl == 1, verdict: drop}
                default: accept
                """, "policy: q\ndefault: reject\n");
        judge(program);
        assertThat(met()).isEmpty();
        facts.number(Field.UDP, 1);
        judge(program);
        assertThat(met()).containsExactly("p accept");
        assertThat(evaluation.findings().shadows().met(0).rule()).isNull();
        facts.number(Field.IP_TTL, 1);
        judge(program);
        assertThat(evaluation.findings().verdict()).isEqualTo(Verdict.REJECT);
        assertThat(evaluation.findings().policy()).isEqualTo("q");
        assertThat(met()).containsExactly("p/a drop", "p accept");
        assertThat(wouldDecide()).containsExactly("p/a drop");
        assertThat(program.rules().get(0).mode()).isEqualTo(Mode.SHADOW);
    }

    @Test
    void saysWhatEachPolicyWouldHaveDecided() throws ConfigException {
        Program program = program(
                "policy: a\nrules:\n  - {name: r, mode: shadow, verdict: drop}\n",
                "policy: b\nmode: shadow\nrules:\n  - {name: r, verdict: continue}\n",
                "policy: c\nmode: shadow\ndefault: reject\n",
                "policy: d\nrules:\n  - {name: r, verdict: accept}\n");
        judge(program);
        assertThat(evaluation.findings().rule().path()).isEqualTo("d/r");
        assertThat(wouldDecide()).containsExactly("a/r drop", "c reject");
        assertThat(program.shadowPolicies()).containsExactly("a", "c");
    }

    @Test
    void seesOnlyWhatEnforcedRulesInFrontLeave() throws ConfigException {
        Program program = program(
                "policy: a\nrules:\n  - {name: r, when: udp, verdict: accept}\n",
                "policy: b\nmode: shadow\nrules:\n  - {name: r, verdict: drop}\n");
        judge(program);
        assertThat(met()).containsExactly("b/r drop");
        facts.number(Field.UDP, 1);
        judge(program);
        assertThat(met()).isEmpty();
        assertThat(wouldDecide()).isEmpty();
    }

    @Test
    void neverHoldsAVerdict() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: maybe, mode: shadow, when: 'payload contains "x"', verdict: accept}
                  - {name: sure, verdict: drop}
                """);
        facts.open(Field.PAYLOAD);
        judge(program);
        assertThat(evaluation.findings().rule().path()).isEqualTo("p/sure");
        assertThat(evaluation.findings().isOpen()).isFalse();
        assertThat(met()).isEmpty();
    }

    @Test
    void hasNoVerdictThatAnOpenRuleInFrontMayTurn() throws ConfigException {
        Program program = program(
                "policy: a\nrules:\n  - {name: maybe, when: payload, verdict: drop}\n",
                "policy: b\nmode: shadow\nrules:\n  - {name: r, verdict: drop}\n",
                """
                policy: c
                rules:
                  - {name: maybe, mode: shadow, when: payload, verdict: accept}
                  - {name: r, mode: shadow, verdict: drop}
                """,
                "policy: d\nrules:\n  - {name: maybe, when: payload, verdict: accept}\n",
                "policy: e\nmode: shadow\ndefault: drop\n",
                "policy: f\nmode: shadow\ndefault: accept\n",
                "policy: g\ndefault: drop\n");
        facts.open(Field.PAYLOAD);
        judge(program);
        assertThat(evaluation.findings().reason()).isEqualTo(Reason.PENDING);
        assertThat(met()).containsExactly("b/r drop", "c/r drop", "e drop", "f accept");
        assertThat(wouldDecide()).containsExactly("b/r drop", "f accept");
    }

    @Test
    void hasALimitOfItsOwn() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: a, mode: shadow, limit: {over: 1/h}, verdict: drop}
                  - {name: b, limit: {over: 1/h, burst: 2}, verdict: drop}
                """);
        judge(program);
        assertThat(met()).isEmpty();
        judge(program);
        assertThat(met()).containsExactly("p/a drop");
        assertThat(evaluation.findings().verdict()).isEqualTo(Verdict.ACCEPT);
        judge(program);
        assertThat(met()).containsExactly("p/a drop");
        assertThat(evaluation.findings().verdict()).isEqualTo(Verdict.DROP);
    }

    @Test
    void remembersAnyNumberOfShadows() throws ConfigException {
        StringBuilder policy = new StringBuilder("policy: p\nmode: shadow\nrules:\n");
        for (int i = 0; i < 50; i++) {
            policy.append("  - {name: r").append(i).append(", verdict: drop}\n");
        }
        judge(program(policy.toString()));
        assertThat(evaluation.findings().shadows().count()).isEqualTo(50);
        assertThat(evaluation.findings().shadows().met(49).path()).isEqualTo("p/r49");
        assertThat(wouldDecide()).containsExactly("p/r0 drop");
    }

    private void judge(Program program) {
        facts.searches(program.searches());
        program.judge(Program.ANY_QUEUE, facts, evaluation);
    }

    private List<String> met() {
        List<String> met = new ArrayList<>();
        for (int i = 0; i < evaluation.findings().shadows().count(); i++) {
            met.add(evaluation.findings().shadows().met(i).path() + " "
                    + evaluation.findings().shadows().met(i).word());
        }
        return met;
    }

    private List<String> wouldDecide() {
        List<String> verdicts = new ArrayList<>();
        for (int i = 0; i < evaluation.findings().shadows().verdictCount(); i++) {
            Shadow shadow = evaluation.findings().shadows().verdict(i);
            verdicts.add(shadow.path() + " " + shadow.word());
        }
        return verdicts;
    }
}

package dev.gavel.policy.program;

import static dev.gavel.kit.TestPrograms.program;
import static dev.gavel.kit.TestPrograms.programAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problem;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.policy.facts.Field;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code limit} means in a program. Time stands still where a test does not move it. */
class LimitTest {
    private static final long SECOND = 1_000_000_000;

    private final Evaluation evaluation = new Evaluation();
    private final MadeUpFacts facts = new MadeUpFacts().number(Field.MARK, 0).at(SECOND);

    @Test
    void matchesOnlyWhatExceedsTheRate() throws ConfigException {
        Program program = rule("limit: {over: 2/s, burst: 3}");
        assertThat(dropsOf(program, 10)).isEqualTo(7);
        facts.at(2 * SECOND);
        assertThat(dropsOf(program, 10)).isEqualTo(8);
    }

    @Test
    void letsOneUnitsWorthGoAtOnceByDefault() throws ConfigException {
        assertThat(dropsOf(rule("limit: {over: 5/m}"), 10)).isEqualTo(5);
    }

    @Test
    void takesATokenOnlyWhereAllElseIsTrue() throws ConfigException {
        Program program = program("""
                policy: p
                when: tcp
                rules:
                  - {name: r, when: ip.ttl == 1, limit: {over: 1/h}, verdict: drop}
                """);
        facts.number(Field.TCP, 1).number(Field.IP_TTL, 2);
        assertThat(dropsOf(program, 10)).isZero();
        facts.number(Field.TCP, 0).number(Field.IP_TTL, 1);
        assertThat(dropsOf(program, 10)).isZero();
        facts.number(Field.TCP, 1);
        assertThat(dropsOf(program, 10)).isEqualTo(9);
    }

    @Test
    void takesNoTokenWhileOpen() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: r, when: 'payload contains "x"', limit: {over: 1/h}, verdict: drop}
                """);
        judge(program, facts.open(Field.PAYLOAD));
        assertThat(evaluation.findings().isOpen()).isTrue();
        assertThat(dropsOf(program, 5)).isZero();
        assertThat(dropsOf(program, new MadeUpFacts().bytes(Field.PAYLOAD, new byte[] {'x'}), 5))
                .isEqualTo(4);
    }

    @Test
    void isOpenWhereAFieldOfPerIs() throws ConfigException {
        Program program = rule("limit: {over: 1/h, per: ip.src}");
        judge(program, facts.open(Field.IP_SRC));
        assertThat(evaluation.findings().isOpen()).isTrue();
        assertThat(evaluation.findings().reason()).isEqualTo(Reason.DEFAULT);
    }

    @Test
    void hasABucketForEachValue() throws ConfigException {
        Program program = rule("limit: {over: 1/h, per: [ip.src, dst_port]}");
        for (String address : List.of("10.0.0.1", "10.0.0.2", "::a00:1", "2001:db8::1", "2001:db8:0:1::1")) {
            for (int port = 1; port < 5; port++) {
                facts.address(Field.IP_SRC, address).number(Field.DST_PORT, port);
                assertThat(dropsOf(program, 5)).as("%s %d", address, port).isEqualTo(4);
            }
        }
    }

    @Test
    void tellsFieldsOfEqualValuesApart() throws ConfigException {
        Program program = rule("limit: {over: 1/h, per: [src_port, dst_port]}");
        assertThat(dropsOf(program, facts.number(Field.SRC_PORT, 1).number(Field.DST_PORT, 2), 2))
                .isEqualTo(1);
        assertThat(dropsOf(program, facts.number(Field.SRC_PORT, 2).number(Field.DST_PORT, 1), 2))
                .isEqualTo(1);
    }

    @Test
    void doesNotMatchWhereAFieldOfPerIsAbsent() throws ConfigException {
        Program program = rule("limit: {over: 1/h, per: [ip.src, tcp.dst_port]}");
        facts.address(Field.IP_SRC, "10.0.0.1").number(Field.TCP, 0).number(Field.DST_PORT, 53);
        assertThat(dropsOf(program, 10)).isZero();
        facts.number(Field.TCP, 1);
        assertThat(dropsOf(program, 10)).isEqualTo(9);
        assertThat(dropsOf(program, new MadeUpFacts().number(Field.TCP, 1), 10)).isZero();
    }

    @Test
    void looksOnlyAtTheBitsOfAFlag() throws ConfigException {
        Program program = rule("limit: {over: 1/h, per: tcp.flags.syn}");
        assertThat(dropsOf(program, facts.number(Field.TCP_FLAGS, 0x02), 2)).isEqualTo(1);
        assertThat(dropsOf(program, facts.number(Field.TCP_FLAGS, 0x12), 2)).isEqualTo(2);
        assertThat(dropsOf(program, facts.number(Field.TCP_FLAGS, 0x10), 2)).isEqualTo(1);
    }

    @Test
    void countsTheLengthOfPacketsForARateInBytes() throws ConfigException {
        Program program = rule("limit: {over: 1KiB/s, burst: 3000}");
        facts.number(Field.LENGTH, 1500);
        assertThat(dropsOf(program, 10)).isEqualTo(8);
        facts.at(SECOND + SECOND / 2);
        assertThat(dropsOf(program, 10)).isEqualTo(9);
    }

    @Test
    void limitsEffectsToo() throws ConfigException {
        Program program = program("""
                policy: p
                rules:
                  - {name: r, limit: {over: 1/h}, verdict: continue, mark: 1}
                """);
        judge(program, facts);
        assertThat(evaluation.findings().changesMark()).isFalse();
        judge(program, facts);
        assertThat(evaluation.findings().changesMark()).isTrue();
    }

    @Test
    void keepsTheBucketsOfUnchangedRulesOnly() throws ConfigException {
        String policy = """
                policy: p
                when: udp
                rules:
                  - {name: r, when: ip.ttl == 1, limit: {over: 1/h, burst: 5}, verdict: drop}
                """;
        facts.number(Field.UDP, 1).number(Field.TCP, 1).number(Field.IP_TTL, 1);
        Program before = program(policy);
        assertThat(dropsOf(before, 5)).isZero();
        Program other = programAfter(before, "# moved\n" + policy + "  - {name: new, verdict: accept}\n");
        assertThat(dropsOf(other, 5)).isEqualTo(5);
        assertThat(dropsOf(programAfter(other, policy), 5)).isEqualTo(5);
        for (String[] change : new String[][] {
            {"policy: p", "policy: q"},
            {"name: r", "name: s"},
            {"when: udp", "when: tcp"},
            {"ip.ttl == 1", "ip.ttl <= 1"},
            {"1/h", "2/h"},
            {"burst: 5", "burst: 6"},
            {"verdict: drop", "verdict: reject"}
        }) {
            Program changed = programAfter(before, policy.replace(change[0], change[1]));
            assertThat(dropsOf(changed, 5)).as(change[1]).isZero();
        }
        assertThat(dropsOf(program(policy), 5)).isZero();
    }

    @Test
    void isAnotherRuleWhenAListIsAnother() throws ConfigException {
        String policy = """
                policy: p
                lists:
                  ports: {type: port, entries: [53, 80]}
                  other: {type: port, entries: [1]}
                when: dst_port in $ports
                rules:
                  - {name: r, limit: {over: 1/h, burst: 5}, verdict: drop}
                  - {name: s, when: src_port in $other, verdict: accept}
                """;
        facts.number(Field.DST_PORT, 53);
        Program before = program(policy);
        assertThat(dropsOf(before, 5)).isZero();
        assertThat(dropsOf(programAfter(before, policy.replace("[1]", "[2]")), 5))
                .isEqualTo(5);
        assertThat(dropsOf(programAfter(before, policy.replace("80", "81")), 5)).isZero();
    }

    @Test
    void goesOnCountingEvictionsOfAChangedRule() throws ConfigException {
        Program before = rule("limit: {over: 1/h, per: ip.src}");
        for (int i = 0; i < 2 * Buckets.KEYS; i++) {
            judge(
                    before,
                    facts.address(Field.IP_SRC, "10.0." + (i >> 8 & 255) + "." + (i & 255))
                            .number(Field.IP_SRC, i < Buckets.KEYS ? 4 : 6));
        }
        long evicted = before.evictedKeys().get(before.rules().get(0));
        assertThat(evicted).isGreaterThan(Buckets.KEYS / 2);
        Program changed = programAfter(before, policy("limit: {over: 2/h, per: ip.src}"));
        assertThat(changed.evictedKeys()).containsEntry(changed.rules().get(0), evicted);
        assertThat(program("policy: p\nrules: [{name: r, verdict: drop}]\n").evictedKeys())
                .isEmpty();
    }

    @Test
    void refusesMoreTablesThanTheHeapBears() {
        long most = Runtime.getRuntime().maxMemory() / 4 / Buckets.BYTES;
        StringBuilder policy = new StringBuilder("policy: p\nrules:\n");
        for (int i = 0; i < most + 1_000; i++) {
            policy.append("  - {name: r").append(i).append(", limit: {over: 1/s, per: length}, verdict: drop}\n");
        }
        assertThatThrownBy(() -> program(policy.toString()))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .extracting(Problem::headline)
                                .asString()
                                .startsWith("p.yaml:" + (most + 3) + ":12: the limits up to this rule take ")
                                .endsWith("; expected fewer of them, or a larger heap (-Xmx)"));
    }

    private static String policy(String limit) {
        return "policy: p\nrules:\n  - name: r\n    verdict: drop\n    " + limit + "\n";
    }

    private static Program rule(String limit) throws ConfigException {
        return program(policy(limit));
    }

    private void judge(Program program, MadeUpFacts packet) {
        packet.searches(program.searches());
        program.judge(Program.ANY_QUEUE, packet, evaluation);
    }

    private int dropsOf(Program program, int packets) {
        return dropsOf(program, facts, packets);
    }

    private int dropsOf(Program program, MadeUpFacts packet, int packets) {
        int drops = 0;
        for (int i = 0; i < packets; i++) {
            judge(program, packet);
            drops += evaluation.findings().verdict() == Verdict.ACCEPT ? 0 : 1;
        }
        return drops;
    }
}

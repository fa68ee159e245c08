package dev.gavel.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.kit.NaiveExpressions;
import dev.gavel.kit.Seeds;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Truth;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConditionCompilerTest {
    private static final int EXPRESSIONS = 20_000;
    private static final int FACTS = 5;

    @Test
    void agreesWithANaiveEvaluation() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        NaiveExpressions expressions = new NaiveExpressions(random);
        int[] counts = new int[3];
        for (int i = 0; i < EXPRESSIONS; i++) {
            NaiveExpressions.Generated expression = expressions.expression(4);
            Patterns patterns = new Patterns();
            Condition condition = compile(expression.text(), patterns);
            for (int j = 0; j < FACTS; j++) {
                Map<String, Object> facts = expressions.facts();
                Boolean expected = expression.naive().value(facts);
                Truth actual = condition.value(MadeUpFacts.of(facts, patterns.searches()));
                assertThat(actual)
                        .as("seed %d, %s of %s", seed, expression.text(), facts)
                        .isEqualTo(expected == null ? Truth.OPEN : Truth.of(expected));
                counts[expected == null ? 2 : expected ? 1 : 0]++;
            }
        }
        for (int count : counts) {
            assertThat(count).as("seed %d: false, true, open", seed).isGreaterThan(EXPRESSIONS * FACTS / 20);
        }
    }

    @Test
    void bindsNotBeforeAndBeforeOr() {
        MadeUpFacts facts =
                new MadeUpFacts().number(Field.TCP, 1).number(Field.UDP, 0).number(Field.ICMP, 0);
        assertThat(value("tcp or udp and icmp", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("(tcp or udp) and icmp", facts)).isEqualTo(Truth.FALSE);
        assertThat(value("not tcp and udp", facts)).isEqualTo(Truth.FALSE);
        assertThat(value("not (tcp and udp)", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("!!tcp&&!udp||icmp", facts)).isEqualTo(Truth.TRUE);
    }

    @Test
    void readsThousandsOfNegationsWithoutDepth() {
        MadeUpFacts facts = new MadeUpFacts().number(Field.TCP, 1);
        assertThat(value("!".repeat(60_001) + "tcp", facts)).isEqualTo(Truth.FALSE);
        assertThat(value("(".repeat(64) + "tcp" + ")".repeat(64), facts)).isEqualTo(Truth.TRUE);
    }

    @Test
    void letsTheLongestTokenWin() {
        MadeUpFacts facts = new MadeUpFacts()
                .number(Field.TCP_FLAGS, 0x02)
                .address(Field.IP_SRC, "2001:db8::5")
                .number(Field.SRC_MAC, 0xaabbccddeeffL)
                .number(Field.LENGTH, 1 << 20)
                .number(Field.MARK, 0xdead);
        assertThat(value("tcp.flags&0x12==0x02&&mark==0xdead", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("ip.src in{2001:db8::1..2001:db8::9}", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("ip.src==2001:db8::/32", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("src_mac == AA:bb:cc:dd:ee:ff", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("length in {1MiB..2MiB}", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("length in {1..1048575}", facts)).isEqualTo(Truth.FALSE);
    }

    @Test
    void readsEscapesAndHexAsBytes() {
        byte[] payload = {'a', 0, '\n', '"', '\\', (byte) 0xc3, (byte) 0xa9, (byte) 0xff};
        for (String literal : new String[] {
            "\"a\\0\\n\\\"\\\\é\\xff\"", "'a\\x00\\n\"\\\\\\xc3\\xA9\\xff'", "|61 00 0a 22 5c c3a9 FF|", "|6100|"
        }) {
            Patterns patterns = new Patterns();
            Condition condition = compile("payload contains " + literal, patterns);
            MadeUpFacts facts = new MadeUpFacts().bytes(Field.PAYLOAD, payload).searches(patterns.searches());
            assertThat(condition.value(facts)).as(literal).isEqualTo(Truth.TRUE);
        }
    }

    @Test
    void neverTakesIpv4ForIpv6() {
        MadeUpFacts facts = new MadeUpFacts().address(Field.IP_SRC, "10.0.0.1").address(Field.IP_DST, "::a00:1");
        assertThat(value("ip.src == ::/0", facts)).isEqualTo(Truth.FALSE);
        assertThat(value("ip.src == ::10.0.0.1", facts)).isEqualTo(Truth.FALSE);
        assertThat(value("ip.dst == 0.0.0.0/0", facts)).isEqualTo(Truth.FALSE);
        assertThat(value("ip.dst == ::10.0.0.1", facts)).isEqualTo(Truth.TRUE);
        assertThat(value("ip.src != ::1", facts)).isEqualTo(Truth.TRUE);
    }

    @Test
    void comparesAbsentFieldsWithNothing() {
        MadeUpFacts udp =
                new MadeUpFacts().number(Field.TCP, 0).number(Field.UDP, 1).number(Field.DST_PORT, 53);
        assertThat(value("tcp.dst_port != 80", udp)).isEqualTo(Truth.FALSE);
        assertThat(value("not tcp.dst_port == 80", udp)).isEqualTo(Truth.TRUE);
        assertThat(value("tcp.dst_port", udp)).isEqualTo(Truth.FALSE);
        assertThat(value("dst_port != 80", udp)).isEqualTo(Truth.TRUE);
        assertThat(value("tcp.flags.syn or tcp.flags & 2 or tcp.flags.ack == false", udp))
                .isEqualTo(Truth.FALSE);
    }

    private static Truth value(String text, Facts facts) {
        return compile(text, new Patterns()).value(facts);
    }

    private static Condition compile(String text, Patterns patterns) {
        Problems problems = new Problems();
        Condition condition = ConditionCompiler.compile(
                SourceText.of("test", text), new Lists(List.of(), problems), patterns, problems);
        assertThat(problems.list()).isEmpty();
        return condition;
    }
}

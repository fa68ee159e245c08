package dev.gavel.policy.program;

import static dev.gavel.kit.TestPrograms.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.kit.Seeds;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules that can still match, in all ways in which they can turn out: section 5 of the language's contract. */
class OpenRulesTest {
    private static final int PROGRAMS = 5_000;
    private static final int FACTS = 4;
    /** One a rule, so that each turns out for itself. */
    private static final List<Field> FIELDS = List.of(
            Field.UID,
            Field.GID,
            Field.LENGTH,
            Field.IP_TTL,
            Field.IP_DSCP,
            Field.TCP_WINDOW,
            Field.VLAN_ID,
            Field.QUEUE);

    private static final List<String> NAMES =
            List.of("uid", "gid", "length", "ip.ttl", "ip.dscp", "tcp.window", "vlan.id", "queue");
    private static final List<String> VERDICTS = List.of(
            "accept", "accept", "drop", "drop", "reject", "queue 3", "queue 4 bypass", "continue", "repeat, mark: 1");

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);
    private int rules;

    @Test
    void decidesAsIfClosedUnlessAnOpenRuleMayPassWhatIsBlocked() throws ConfigException {
        int[] seen = new int[3];
        for (int i = 0; i < PROGRAMS; i++) {
            String text = policies();
            Program program = program(text.split("---\n", -1));
            for (int j = 0; j < FACTS; j++) {
                long[] facts = random.longs(rules, -2, 2)
                        .map(fact -> fact == Facts.ABSENT ? 1 : fact)
                        .toArray();
                Findings findings = judge(program, facts);
                Set<Verdict> ways = ways(program, facts);
                Verdict otherwise = judge(program, closed(facts)).verdict();
                boolean pending = otherwise.blocks() && ways.stream().anyMatch(verdict -> !verdict.blocks());
                String context = "seed " + seed + ", " + text + Arrays.toString(facts);
                assertThat(findings.verdict()).as(context).isEqualTo(pending ? Verdict.ACCEPT : otherwise);
                assertThat(findings.reason() == Reason.PENDING).as(context).isEqualTo(pending);
                seen[pending ? 0 : ways.size() == 1 ? 1 : 2]++;
            }
        }
        for (int count : seen) {
            assertThat(count).as("seed %d: pending, one verdict, several", seed).isGreaterThan(PROGRAMS / 10);
        }
    }

    /** The verdicts of all ways in which the open facts can turn out. */
    private static Set<Verdict> ways(Program program, long[] facts) {
        Set<Verdict> ways = new HashSet<>();
        long[] way = new long[facts.length];
        for (int bits = 0; bits < 1 << facts.length; bits++) {
            boolean possible = true;
            for (int i = 0; i < facts.length; i++) {
                way[i] = bits >> i & 1;
                possible &= facts[i] == Facts.OPEN || facts[i] == way[i];
            }
            if (possible) {
                ways.add(judge(program, way).verdict());
            }
        }
        return ways;
    }

    /** With what is open false. */
    private static long[] closed(long[] facts) {
        return Arrays.stream(facts).map(fact -> fact == Facts.OPEN ? 0 : fact).toArray();
    }

    private static Findings judge(Program program, long[] facts) {
        MadeUpFacts packet = new MadeUpFacts().number(Field.MARK, 0);
        for (int i = 0; i < facts.length; i++) {
            packet.number(FIELDS.get(i), facts[i]);
        }
        Evaluation evaluation = new Evaluation();
        program.judge(Program.ANY_QUEUE, packet, evaluation);
        return evaluation.findings();
    }

    /** Up to 8 rules in up to 3 policies, with lines of dashes between them. */
    private String policies() {
        StringBuilder text = new StringBuilder();
        rules = 0;
        for (int policy = random.nextInt(3); policy >= 0; policy--) {
            int last = Math.min(FIELDS.size(), rules + random.nextInt(5));
            text.append("policy: p").append(policy).append(rules < last ? "\nrules:\n" : "\n");
            while (rules < last) {
                String verdict = VERDICTS.get(random.nextInt(VERDICTS.size()));
                text.append("  - {name: r").append(rules).append(", when: ").append(NAMES.get(rules));
                text.append(" == 1, verdict: ").append(verdict).append("}\n");
                rules++;
            }
            boolean decides = random.nextInt(4) == 0;
            text.append(decides ? "default: " + (random.nextBoolean() ? "drop" : "accept") + "\n" : "");
            text.append(policy == 0 ? "" : "---\n");
        }
        return text.toString();
    }
}

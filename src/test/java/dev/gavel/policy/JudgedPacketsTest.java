package dev.gavel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.ConfigException;
import dev.gavel.engine.Engine;
import dev.gavel.engine.EngineSettings;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.Ruling;
import dev.gavel.kit.NaiveExpressions;
import dev.gavel.kit.NaiveExpressions.Generated;
import dev.gavel.kit.Seeds;
import dev.gavel.kit.TestPrograms;
import dev.gavel.match.Matchers;
import dev.gavel.policy.program.Program;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From bytes and YAML to rulings: what the whole engine says of packets is what a naive reader of both says. */
class JudgedPacketsTest {
    private static final int PROGRAMS = 500;
    private static final int RULES = 8;
    private static final int PACKETS = 20;

    private final long seed = Seeds.take();
    private final Random random = new Random(seed);
    private final NaiveExpressions expressions = new NaiveExpressions(random);
    private final RandomPackets packets = new RandomPackets(random);
    private final Ruling ruling = new Ruling();

    @Test
    void matchesTheRulesThatANaiveReaderMatches() throws ConfigException {
        int matches = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            List<Generated> whens = whens();
            try (Engine engine = engine(whens);
                    Inspector inspector = new Inspector(engine, RandomPackets::device)) {
                for (int j = 0; j < PACKETS; j++) {
                    RandomPackets.Made packet = packets.next();
                    List<String> expected = matching(whens, packet.facts());
                    List<String> actual = inspect(inspector, whens, packet, packet.bytes().length);
                    assertThat(actual).as("seed %d, %s", seed, packet.facts()).isEqualTo(expected);
                    matches += actual.size();
                }
            }
        }
        assertThat(matches).as("seed %d", seed).isGreaterThan(PROGRAMS * PACKETS);
    }

    /** Where bytes were not copied to us the answer is that of the whole packet, or none. */
    @Test
    void neverGuessesWhatWasNotCopied() throws ConfigException {
        int answers = 0;
        int none = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            List<Generated> whens = whens().subList(0, 2);
            try (Engine engine = engine(whens);
                    Inspector inspector = new Inspector(engine, RandomPackets::device)) {
                for (int j = 0; j < PACKETS; j++) {
                    RandomPackets.Made packet = packets.next();
                    int cut = random.nextInt(Math.min(12, packet.bytes().length)) + 1;
                    List<String> actual = inspect(inspector, whens, packet, packet.bytes().length - cut);
                    if (ruling.reason() == Reason.TRUNCATED) {
                        none++;
                    } else {
                        List<String> expected = matching(whens, packet.facts());
                        assertThat(actual)
                                .as("seed %d, %s without its last %d bytes", seed, packet.facts(), cut)
                                .isEqualTo(expected);
                        answers++;
                    }
                }
            }
        }
        assertThat(answers).as("seed %d", seed).isGreaterThan(PROGRAMS);
        assertThat(none).as("seed %d", seed).isGreaterThan(PROGRAMS);
    }

    private List<Generated> whens() {
        List<Generated> whens = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            whens.add(expressions.expression(2));
        }
        return whens;
    }

    private static List<String> matching(List<Generated> whens, Map<String, Object> facts) {
        return whens.stream()
                .filter(when -> when.naive().value(facts))
                .map(Generated::text)
                .distinct()
                .toList();
    }

    /** The expressions of the rules met. */
    private List<String> inspect(Inspector inspector, List<Generated> whens, RandomPackets.Made made, int captured) {
        QueuedPacket packet = made.queued(captured);
        inspector.inspect(packet, ruling);
        packet.buffer().release();
        List<String> met = new ArrayList<>();
        for (int i = 0; i < ruling.findings().continuedCount(); i++) {
            met.add(whens.get(Integer.parseInt(
                            ruling.findings().continued(i).name().substring(1)))
                    .text());
        }
        return met.stream().distinct().toList();
    }

    private static Engine engine(List<Generated> whens) throws ConfigException {
        StringBuilder policy = new StringBuilder("policy: p\nrules:\n");
        for (int i = 0; i < whens.size(); i++) {
            String quoted = "'" + whens.get(i).text().replace("'", "''") + "'";
            policy.append("  - name: r" + i + "\n    when: " + quoted + "\n    verdict: continue\n");
        }
        Program program = TestPrograms.program(policy.toString());
        EngineSettings settings = new EngineSettings(0, Verdict.DROP, Verdict.DROP, Fragments.HEADERS_ONLY, Map.of());
        return new Engine(1, program, settings, Matchers.java());
    }
}

package dev.gavel.cli;

import static dev.gavel.cli.Pcap.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.kit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gavel explain}; interfaces.md, section 1. */
class ExplainTest {
    private static final String SAMPLE = "examples/sample.pcap";
    private static final String DEMO = "examples/demo.yaml";
    private static final int SAMPLE_PACKETS = 26;
    private static final String EVERYTHING = """
            policy: everything
            when: udp or tcp.port in {80, 8080} and not ip.fragment
            rules:
              - name: limited
                when: ip.src == 10.0.0.0/8
                limit: {over: 1/h, burst: 3, per: ip.src}
                verdict: drop
              - name: tried
                when: 'payload matches /union\\s+select/i'
                mode: shadow
                verdict: reject
              - name: marked
                when: ip.ttl > 1
                verdict: continue
                mark: 0x1/0x1
              - name: ends
                when: payload[0:3] == "GET" and payload iends_with "|0d 0a|" or payload ends_with |0d 0a|
                verdict: accept
            default: drop
            """;

    @TempDir
    private Path folder;

    private static Run explain(Object policy, Object capture, int packet, Object... more) {
        Object[] words = {"explain", "-p", policy, capture, "--packet", packet};
        return Run.of(java.util.stream.Stream.of(words, more)
                .flatMap(java.util.Arrays::stream)
                .toArray());
    }

    @Test
    void showsEachRuleOfTheWayWithWhatItSaw() {
        Run run = explain(DEMO, SAMPLE, 23);
        assertThat(run.lines().subList(1, run.lines().size()))
                .containsExactly(
                        "  true   guard of demo",
                        "    true   tcp.dst_port == 8080   (tcp.dst_port is 8080)",
                        "  false  rule demo/forbidden-host  drop",
                        "    false  payload icontains \"host: t.test.com\"   (payload is 79 bytes)",
                        "  true   rule demo/union-select  reject",
                        "    true   payload icontains {\"union select\", \"union%20select\"}   (payload is 79 bytes)");
        assertThat(run.lines().get(0)).contains("reject", "rule demo/union-select");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void saysSoWhereThePoliciesWereNotAsked() {
        assertThat(explain(DEMO, SAMPLE, 1).out()).contains("not-ip").endsWith("the policies were not asked\n");
        assertThat(explain(DEMO, SAMPLE, 26).out()).contains("malformed").endsWith("the policies were not asked\n");
    }

    @Test
    void failsForAPacketThatIsNotThere() {
        Run run = explain(DEMO, SAMPLE, 27);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("has 26 packets, and no packet 27");
        assertThat(explain(DEMO, SAMPLE, 0).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysWhichPacketsALimitLetsBe() throws IOException {
        Path policy = Files.writeString(folder.resolve("p.yaml"), """
                policy: p
                rules:
                  - {name: seen, when: udp, limit: {over: 1/h, burst: 1}, mode: shadow, verdict: drop}
                  - {name: marked, when: udp, limit: {over: 1/h, burst: 1}, mark: 0x1/0x1, verdict: continue}
                  - {name: slow, when: udp, limit: {over: 1/h, burst: 1}, verdict: drop}
                """);
        Path capture =
                new Pcap().add(udp(1, 5, 2, 7, "x")).add(udp(1, 5, 2, 7, "x")).write(folder);
        Run first = explain(policy, capture, 1);
        assertThat(first.out())
                .contains(
                        "false  rule p/seen", "false  rule p/marked", "false  rule p/slow", "rate is within the limit");
        assertThat(first.lines().get(first.lines().size() - 1)).isEqualTo("  true   default of daemon  accept");
        Run second = explain(policy, capture, 2);
        assertThat(second.out())
                .contains("true   rule p/seen  drop (shadow)", "true   rule p/marked", "true   rule p/slow");
    }

    /** The verdict is replay's, and the way ends at what decided. */
    @Test
    void neverDiffersFromReplay() throws IOException {
        Path everything = Files.writeString(folder.resolve("everything.yaml"), EVERYTHING);
        for (Object policy : List.of(DEMO, everything)) {
            List<Map<String, Object>> replayed = Run.json(policy, SAMPLE).packets();
            for (int packet = 1; packet <= SAMPLE_PACKETS; packet++) {
                Run run = explain(policy, SAMPLE, packet, "--format", "json");
                Map<String, Object> explained =
                        new LinkedHashMap<>(Json.object(run.out().strip()));
                List<?> way = (List<?>) explained.remove("way");
                assertThat(explained).isEqualTo(replayed.get(packet - 1));
                Object reason = explained.get("reason");
                assertThat(way.isEmpty()).isEqualTo(reason.equals("not-ip") || reason.equals("malformed"));
                if (!way.isEmpty()) {
                    Map<?, ?> last = (Map<?, ?>) way.get(way.size() - 1);
                    assertThat(last.get("value")).isEqualTo("true");
                    assertThat(last.get("rule")).isEqualTo(explained.get("rule"));
                    assertThat(last.get("policy")).isEqualTo(explained.get("policy"));
                    assertThat(last.get("verdict")).isEqualTo(explained.get("verdict"));
                }
            }
        }
    }

    @Test
    void tellsFieldsThatAreAbsentAndEscapesJson() throws IOException {
        Path policy = Files.writeString(folder.resolve("p.yaml"), """
                policy: p
                rules:
                  - {name: a, when: 'tcp.flags.syn or in_iface == "eth\\\\0" or port == 9', verdict: drop}
                """);
        Path capture = new Pcap().add(udp(1, 5, 2, 7, "x")).write(folder);
        assertThat(explain(policy, capture, 1).lines())
                .contains(
                        "    false  tcp.flags.syn   (tcp.flags.syn is absent)",
                        "    false  in_iface == \"eth\\\\0\"   (in_iface is absent)",
                        "    false  port == 9   (src_port is 5, dst_port is 7)");
        Map<String, Object> json = Json.object(
                explain(policy, capture, 1, "--format", "json").out().strip());
        assertThat(json.get("way").toString()).contains("in_iface == \"eth\\\\0\"");
    }
}

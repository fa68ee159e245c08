package dev.gavel.cli;

import static dev.gavel.cli.Pcap.hex;
import static dev.gavel.cli.Pcap.ipv4;
import static dev.gavel.cli.Pcap.tcp;
import static dev.gavel.cli.Pcap.udp;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code gavel replay} says of packets; interfaces.md, section 2. */
class ReplayTest {
    private static final String SAMPLE = "examples/sample.pcap";
    private static final String DEMO = "examples/demo.yaml";
    /** One rule of each verdict, and two that only mark. */
    private static final String MIXED = """
            policy: mixed
            rules:
              - name: low
                when: udp
                verdict: continue
                mark: 0x2/0xf
              - name: high
                when: udp.dst_port == 7
                verdict: continue
                mark: 0x10/0xf0
              - name: drop
                when: udp.dst_port == 9
                verdict: drop
              - name: reject
                when: udp.dst_port == 10
                verdict: reject
              - name: again
                when: udp.dst_port == 11
                verdict: repeat
                mark: 0x100/0x100
              - name: elsewhere
                when: udp.dst_port == 12
                verdict: queue 5
            """;

    @TempDir
    private Path folder;

    private String policy(String yaml) throws IOException {
        return Files.writeString(folder.resolve("policy.yaml"), yaml).toString();
    }

    @Test
    void judgesEveryPacketOfTheSample() {
        Run run = Run.json(DEMO, SAMPLE);
        assertThat(run.packets())
                .extracting(p -> p.get("packet") + " " + p.get("verdict") + " " + p.get("reason") + " "
                        + p.get("policy") + "/" + p.get("rule") + " " + p.get("flow"))
                .containsExactly(
                        "1 accept not-ip null/null null", // ARP
                        "2 accept default null/null 1", // DNS
                        "3 accept default null/null 1",
                        "4 accept default null/null 2", // a request and its answer
                        "5 accept default null/null 2",
                        "6 accept default null/null 2",
                        "7 accept default null/null 2",
                        "8 accept default null/null 2",
                        "9 accept default null/null 2",
                        "10 accept default null/null 2",
                        "11 accept default null/null 2",
                        "12 accept default null/null 2",
                        "13 accept default null/null 2",
                        "14 accept default null/null 3", // a forbidden host, asked three times
                        "15 accept default null/null 3",
                        "16 accept default null/null 3",
                        "17 drop rule demo/forbidden-host 3",
                        "18 drop rule demo/forbidden-host 3",
                        "19 drop rule demo/forbidden-host 3",
                        "20 accept default null/null 4", // an injection
                        "21 accept default null/null 4",
                        "22 accept default null/null 4",
                        "23 reject rule demo/union-select 4",
                        "24 accept default null/null 5", // echo over IPv6
                        "25 accept default null/null 5",
                        "26 drop malformed null/null null"); // a length that lies
        assertThat(run.summary())
                .hasToString("{packets=26, accept=21, drop=4, reject=1, other=0, flows=5, malformed=1, "
                        + "rules={demo/forbidden-host=3, demo/union-select=1}, "
                        + "reasons={rule=4, default=20, not-ip=1, malformed=1}, shadow={}}");
    }

    @Test
    void writesTheContractsKeysInTheirOrder() throws IOException {
        Path capture = new Pcap()
                .add(udp(1, 5, 2, 7, "x"))
                .add(udp(1, 5, 2, 12, "x"))
                .add(tcp(1, 5, 2, 7, ""))
                .write(folder);
        assertThat(Run.json(policy(MIXED), capture).lines())
                .containsExactly(
                        "{\"packet\":1,\"time\":\"2026-11-20T08:31:02.000007Z\",\"verdict\":\"accept\","
                                + "\"reason\":\"default\",\"policy\":null,\"rule\":null,\"length\":29,\"flow\":1,"
                                + "\"mark\":\"0x12/0xff\",\"continued\":[\"mixed/low\",\"mixed/high\"]}",
                        "{\"packet\":2,\"time\":\"2026-11-20T08:31:02.001007Z\",\"verdict\":\"queue\",\"queue\":5,"
                                + "\"reason\":\"rule\",\"policy\":\"mixed\",\"rule\":\"elsewhere\",\"length\":29,"
                                + "\"flow\":2,\"mark\":\"0x2/0xf\",\"continued\":[\"mixed/low\"]}",
                        "{\"packet\":3,\"time\":\"2026-11-20T08:31:02.002007Z\",\"verdict\":\"accept\","
                                + "\"reason\":\"default\",\"policy\":null,\"rule\":null,\"length\":40,\"flow\":3}",
                        "{\"summary\":{\"packets\":3,\"accept\":2,\"drop\":0,\"reject\":0,\"other\":1,\"flows\":3,"
                                + "\"malformed\":0,\"rules\":{\"mixed/low\":2,\"mixed/high\":1,"
                                + "\"mixed/elsewhere\":1},\"reasons\":{\"rule\":1,\"default\":2},\"shadow\":{}}}");
    }

    @Test
    void saysWhatShadowsWouldHaveDone() throws IOException {
        Path capture = new Pcap()
                .add(udp(1, 5, 2, 7, "x"))
                .add(udp(1, 5, 2, 9, "x"))
                .add(tcp(1, 5, 2, 7, ""))
                .write(folder);
        String policy = policy("""
                policy: next
                mode: shadow
                when: udp
                rules:
                  - {name: note, verdict: continue, mark: 1}
                  - {name: x, when: udp.dst_port == 9, verdict: queue 5}
                default: drop
                """);
        Run run = Run.json(policy, capture);
        assertThat(run.lines().get(1))
                .endsWith("\"reason\":\"default\",\"policy\":null,\"rule\":null,\"length\":29,\"flow\":2,\"shadow\":["
                        + "{\"policy\":\"next\",\"rule\":\"note\",\"verdict\":\"continue\"},"
                        + "{\"policy\":\"next\",\"rule\":\"x\",\"verdict\":\"queue\",\"queue\":5},"
                        + "{\"policy\":\"next\",\"rule\":null,\"verdict\":\"drop\"}]}");
        assertThat(run.packets().get(2)).doesNotContainKey("shadow");
        assertThat(run.summary())
                .containsEntry("accept", 3)
                .containsEntry("rules", Map.of())
                .containsEntry("shadow", Map.of("next/note", 2, "next/x", 1));
        List<String> lines = Run.of("replay", "-p", policy, capture).lines();
        assertThat(lines.get(1)).endsWith("  shadow next/note continue, next/x queue, next drop");
        assertThat(lines).contains("shadow rule next/note: 2", "shadow rule next/x: 1");
    }

    /** A packet a millisecond; the capture's time is what counts, however fast it is judged. */
    @Test
    void limitsByTheCapturesTime() throws IOException {
        Pcap capture = new Pcap();
        for (int i = 0; i < 300; i++) {
            capture.add(udp(1 + i % 3, 5, 2, 9, "x"));
        }
        String policy = policy("""
                policy: p
                rules:
                  - {name: r, limit: {over: 100/s, burst: 5, per: ip.src}, verdict: drop}
                """);
        Path file = capture.write(folder);
        for (int i = 0; i < 2; i++) {
            Run run = Run.json(policy, file);
            // 100 packets a source, one each 3 ms: 5 of the burst, and one each 10 ms.
            assertThat(run.summary()).containsEntry("accept", 3 * (5 + 29));
        }
    }

    /** A capture of anything at all, some of it as no network would send it. */
    private static Pcap random(Random random, int count) {
        Pcap capture = new Pcap();
        for (int i = 0; i < count; i++) {
            byte[] packet =
                    switch (random.nextInt(5)) {
                        case 0 -> tcp(random.nextInt(3), 5, 2, random.nextInt(9), "a".repeat(random.nextInt(50)));
                        case 1 -> ipv4(random.nextInt(256), 1, 2, new byte[random.nextInt(40)]);
                        case 2 -> new byte[random.nextInt(60)];
                        default -> udp(1, random.nextInt(3), 2, 5 + random.nextInt(9), "b".repeat(random.nextInt(50)));
                    };
            boolean lies = packet.length > 0 && random.nextInt(4) == 0;
            if (lies) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            int captured = random.nextInt(6) == 0 ? random.nextInt(packet.length + 1) : packet.length;
            capture.add(Arrays.copyOf(packet, captured), packet.length);
        }
        return capture;
    }

    @Test
    void leavesNoPacketOutAndSumsUp() throws IOException {
        long seed = Seeds.take();
        Path capture = random(new Random(seed), 1000).write(folder);
        Run run = Run.json(policy(MIXED), capture);
        assertThat(run.column("packet"))
                .as("seed %d", seed)
                .isEqualTo(IntStream.rangeClosed(1, 1000).boxed().toList());
        assertThat(run.summary()).as("seed %d", seed).isEqualTo(sums(run.packets()));
    }

    private static Map<String, Object> sums(List<Map<String, Object>> packets) {
        Map<String, Object> verdicts = count(packets.stream().map(packet -> packet.get("verdict")));
        Map<String, Object> reasons = count(packets.stream().map(packet -> packet.get("reason")));
        Stream<Object> decided = packets.stream()
                .filter(packet -> packet.get("rule") != null)
                .map(packet -> packet.get("policy") + "/" + packet.get("rule"));
        Stream<Object> continued =
                packets.stream().flatMap(packet -> ((List<?>) packet.getOrDefault("continued", List.of())).stream());
        return Map.of(
                "packets",
                packets.size(),
                "accept",
                verdicts.getOrDefault("accept", 0),
                "drop",
                verdicts.getOrDefault("drop", 0),
                "reject",
                verdicts.getOrDefault("reject", 0),
                "other",
                (int) verdicts.getOrDefault("repeat", 0) + (int) verdicts.getOrDefault("queue", 0),
                "flows",
                (int) packets.stream()
                        .map(packet -> packet.get("flow"))
                        .filter(Objects::nonNull)
                        .distinct()
                        .count(),
                "malformed",
                reasons.getOrDefault("malformed", 0),
                "rules",
                count(Stream.concat(decided, continued)),
                "reasons",
                reasons,
                "shadow",
                Map.of());
    }

    private static Map<String, Object> count(Stream<Object> values) {
        Map<String, Object> counts = new TreeMap<>();
        values.collect(groupingBy(Object::toString, counting()))
                .forEach((value, count) -> counts.put(value, Math.toIntExact(count)));
        return counts;
    }

    @Test
    void numbersFlowsByTheirFirstPacket() throws IOException {
        long seed = Seeds.take();
        Path capture = random(new Random(seed), 1000).write(folder);
        List<Object> flows = Run.json(policy(MIXED), capture).column("flow").stream()
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        assertThat(flows)
                .as("seed %d", seed)
                .hasSizeGreaterThan(10)
                .isEqualTo(IntStream.rangeClosed(1, flows.size()).boxed().toList());
    }

    @Test
    void saysWhichPacketsCouldNotBeJudged() throws IOException {
        Path capture = new Pcap()
                .add(hex("4500001400000000")) // ends in the middle of the IPv4 header
                .add(tcp(1, 5, 2, 8080, ""), 40)
                .add(Arrays.copyOf(tcp(1, 5, 2, 8080, "payload that was not captured"), 40), 69)
                .add(Arrays.copyOf(udp(1, 5, 2, 8080, "payload"), 24), 35) // in the middle of the UDP header
                .write(folder);
        Run run = Run.json(DEMO, capture);
        assertThat(run.column("reason")).containsExactly("malformed", "default", "truncated", "truncated");
        assertThat(run.column("verdict")).containsExactly("drop", "accept", "drop", "drop");
        assertThat(run.column("flow")).containsExactly(null, 1, 1, null);
        assertThat(run.column("length")).containsExactly(8, 40, 69, 35);
    }

    @Test
    void givesEachPacketTheQueueTheHookAndTheMarkOfItsOptions() throws IOException {
        Path capture = new Pcap().add(udp(1, 5, 2, 7, "")).write(folder);
        String policy = policy("""
                policy: here
                queues: [3, 4]
                rules:
                  - name: hook
                    when: hook == forward
                    verdict: drop
                  - name: mark
                    when: mark == 0x2
                    verdict: drop
                  - name: queue
                    when: queue == 4
                    verdict: drop
                  - name: none
                    when: not hook and not queue and mark == 0
                    verdict: drop
                """);
        assertThat(Run.json(policy, capture).column("rule")).containsExactly("none");
        assertThat(Run.json(policy, capture, "--queue", "4").column("rule")).containsExactly("queue");
        assertThat(Run.json(policy, capture, "--queue", "3").column("rule")).containsExactly((Object) null);
        assertThat(Run.json(policy, capture, "--queue", "5", "--hook", "forward")
                        .column("reason"))
                .as("not the policy's queue")
                .containsExactly("default");
        assertThat(Run.json(policy, capture, "--hook", "forward").column("rule"))
                .containsExactly("hook");
        assertThat(Run.json(policy, capture, "--mark", "0x2").column("rule")).containsExactly("mark");
        assertThat(Run.json(policy, capture, "--mark", "2").column("rule")).containsExactly("mark");
    }

    @Test
    void passesOurOwnAnswersUnjudgedAndKnowsTheirFlow() {
        Run run = Run.json(DEMO, SAMPLE, "--mark", "0x800000");
        assertThat(run.summary()).containsEntry("reasons", Map.of("not-ip", 1, "own", 25));
        assertThat(run.summary()).containsEntry("flows", 5);
    }

    @Test
    void takesQueueSettingsFromAConfiguration() throws IOException {
        Files.createDirectories(folder.resolve("policies.d"));
        Files.copy(Path.of(DEMO), folder.resolve("policies.d/10-demo.yaml"));
        Path config = Files.writeString(folder.resolve("gavel.yaml"), """
                malformed: accept
                queues:
                  - number: 2
                    mode: repeat
                    repeat-mark: 0x1/0x1
                """);
        Run run = Run.of("replay", "--format", "json", "-c", config, SAMPLE, "--queue", "2");
        assertThat(run.summary()).containsEntry("drop", 3).containsEntry("other", 21);
        assertThat(run.packets().get(1)).containsEntry("verdict", "repeat").containsEntry("mark", "0x1/0x1");
    }

    @Test
    void showsNineDigitsWhereTheCaptureHasNanoseconds() throws IOException {
        Path capture = new Pcap(Pcap.NANOSECONDS)
                .add(udp(1, 5, 2, 7, ""))
                .add(new byte[0])
                .write(folder);
        assertThat(Run.json(DEMO, capture).column("time"))
                .containsExactly("2026-11-20T08:31:02.000000007Z", "2026-11-20T08:31:02.001000007Z");
    }

    @Test
    void knowsTheInterfacesOfPcapng() throws IOException {
        byte[] packet = udp(1, 5, 2, 7, ""); // 28 bytes
        String section = "0a0d0d0a" + "1c000000" + "4d3c2b1a" + "01000000" + "ffffffffffffffff" + "1c000000";
        String device = "01000000" + "20000000" + "65000000" + "00000000" + "0200" + "0400" + "65746837" // "eth7"
                + "00000000" + "20000000";
        String nameless = "01000000" + "14000000" + "65000000" + "00000000" + "14000000";
        StringBuilder file = new StringBuilder(section + device + nameless);
        for (int interfaceNumber = 0; interfaceNumber < 2; interfaceNumber++) {
            file.append("06000000" + "3c000000" + "0" + interfaceNumber + "000000" + "0000000000000000" + "1c000000"
                            + "1c000000")
                    .append(HexFormat.of().formatHex(packet))
                    .append("3c000000");
        }
        Path capture = Files.write(folder.resolve("test.pcapng"), hex(file.toString()));
        String policy = policy("""
                policy: device
                rules:
                  - name: eth7
                    when: in_iface == "eth7"
                    verdict: drop
                  - name: some
                    when: in_iface
                    verdict: drop
                """);
        assertThat(Run.json(policy, capture).column("rule")).containsExactly("eth7", null);
    }

    @Test
    void printsALineAPacketForPeople() {
        Run run = Run.of("replay", "-p", DEMO, SAMPLE);
        List<String> lines = run.lines();
        assertThat(lines.subList(0, 26))
                .allMatch(
                        line -> line.matches(" +\\d+  2026-11-20T08:31:02\\.\\d{6}Z  (accept|drop|reject) .* bytes.*"));
        assertThat(lines.get(16))
                .isEqualTo("   17  2026-11-20T08:31:02.018000Z  drop        rule demo/forbidden-host         96 bytes"
                        + "  flow 3");
        assertThat(lines.subList(26, lines.size()))
                .containsExactly(
                        "",
                        "26 packets in 5 flows: accept 21, drop 4, reject 1",
                        "reasons: rule 4, default 20, not-ip 1, malformed 1",
                        "rule demo/forbidden-host: 3",
                        "rule demo/union-select: 1");
    }
}

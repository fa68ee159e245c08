package dev.gavel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.DaemonConfig.Fail;
import dev.gavel.config.DaemonConfig.Metrics;
import dev.gavel.config.DaemonConfig.Overload;
import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.DaemonConfig.Rejects;
import dev.gavel.config.QueueConfig.AcceptMode;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problem;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.queue.EventType;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private final Problems problems = new Problems();
    private final ConfigLoader loader = new ConfigLoader(problems);

    @TempDir
    private Path directory;

    @Test
    void fillsInTheContractsDefaults() {
        DaemonConfig config = loader.daemon("/etc/gavel/gavel.yaml", "# empty\n");
        assertThat(problems.list()).isEmpty();
        assertThat(config.fail()).isEqualTo(Fail.CLOSED);
        assertThat(config.workers()).isEmpty();
        assertThat(config.defaultVerdict().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(config.malformed()).isEqualTo(Verdict.DROP);
        assertThat(config.truncated()).isEqualTo(Verdict.DROP);
        assertThat(config.overload()).isEqualTo(new Overload(100_000_000, Verdict.DROP));
        assertThat(config.fragments()).isEqualTo(Fragments.HEADERS_ONLY);
        assertThat(config.rejects()).isEqualTo(new Rejects(new Rate(1000, 1_000_000_000), 0x800000));
        assertThat(config.metrics()).isEqualTo(new Metrics("127.0.0.1", 19464, 1000));
        assertThat(config.events().file()).hasToString("/var/log/gavel/events.json");
        assertThat(config.events().types()).containsExactlyInAnyOrder(EventType.values());
        assertThat(config.policies()).hasToString("/etc/gavel/policies.d");
        assertThat(config.queues()).hasSize(1);
        assertThat(config.queues().get(0))
                .isEqualTo(new QueueConfig(
                        0,
                        AcceptMode.ACCEPT,
                        null,
                        OptionalInt.empty(),
                        false,
                        true,
                        16384,
                        65531,
                        16384 * 2304,
                        config.queues().get(0).place()));
    }

    @Test
    void readsEveryKey() {
        DaemonConfig config = loader.daemon("conf/gavel.yaml", """
                version: 1
                fail: open
                queues:
                  - {number: [7, 2-3], mode: repeat, repeat-mark: 0x1/0x3, fail-open: true}
                  - number: "0"
                    mode: route
                    route-queue: 9
                    gso: false
                    max-length: 100000
                    copy-range: 128
                    receive-buffer: 8MiB
                workers: 4
                default: queue 12 bypass
                malformed: accept
                truncated: drop
                overload: {deadline: 2s, verdict: drop}
                fragments: drop
                rejects: {rate: 60/m, mark: 0x10}
                metrics: {listen: "[::1]:8080", max-rules: 0}
                events: {file: log/e.json, types: [alert, loss]}
                policies: rules
                """);
        assertThat(problems.list()).isEmpty();
        assertThat(config.queues()).extracting(QueueConfig::number).containsExactly(0, 2, 3, 7);
        QueueConfig route = config.queues().get(0);
        assertThat(route.mode()).isEqualTo(AcceptMode.ROUTE);
        assertThat(route.routeQueue()).hasValue(9);
        assertThat(route.gso()).isFalse();
        assertThat(route.maxLength()).isEqualTo(100000);
        assertThat(route.copyRange()).isEqualTo(128);
        assertThat(route.receiveBufferBytes()).isEqualTo(8 << 20);
        MarkChange mark = config.queues().get(3).repeatMark();
        assertThat(mark.value()).isEqualTo(1);
        assertThat(mark.mask()).isEqualTo(3);
        assertThat(config.queues().get(3).failOpen()).isTrue();
        assertThat(config.workers()).hasValue(4);
        assertThat(config.defaultVerdict())
                .isEqualTo(new VerdictChoice(
                        new Verdict.Requeue(12, Verdict.NoListener.ACCEPT),
                        config.defaultVerdict().place()));
        assertThat(config.malformed()).isEqualTo(Verdict.ACCEPT);
        assertThat(config.truncated()).isEqualTo(Verdict.DROP);
        assertThat(config.overload()).isEqualTo(new Overload(2_000_000_000, Verdict.DROP));
        assertThat(config.fragments()).isEqualTo(Fragments.DROP);
        assertThat(config.rejects()).isEqualTo(new Rejects(new Rate(60, 60_000_000_000L), 0x10));
        assertThat(config.metrics()).isEqualTo(new Metrics("::1", 8080, 0));
        assertThat(config.events().file()).hasToString("conf/log/e.json");
        assertThat(config.events().types()).containsExactlyInAnyOrder(EventType.ALERT, EventType.LOSS);
        assertThat(config.policies()).hasToString("conf/rules");
    }

    @Test
    void resolvesAutoByFail() {
        DaemonConfig open = loader.daemon("g", "fail: open\nmalformed: auto\noverload: {verdict: auto}\n");
        assertThat(open.malformed()).isEqualTo(Verdict.ACCEPT);
        assertThat(open.truncated()).isEqualTo(Verdict.ACCEPT);
        assertThat(open.overload().verdict()).isEqualTo(Verdict.ACCEPT);
    }

    @Test
    void capsTheAutomaticReceiveBuffer() {
        DaemonConfig config = loader.daemon("g", "queues: [{number: 1, max-length: 4000000}]\n");
        assertThat(config.queues().get(0).receiveBufferBytes()).isEqualTo(64 << 20);
    }

    @Test
    void readsARulesEveryKey() {
        PolicyFile file = loader.policy("p.yaml", """
                policy: web_1-x
                version: 1
                queues: [0, 4-5]
                when: tcp
                mode: enforce
                rules:
                  - name: r
                    when: 'udp'
                    verdict: queue 3 bypass
                    mark: 0x12/0xff
                    scope: packet
                    mode: enforce
                    event: 10/m
                    message: "hello: there"
                    id: 17
                    severity: 1
                default: reject
                """);
        assertThat(problems.list()).isEmpty();
        assertThat(file.name()).isEqualTo("web_1-x");
        assertThat(file.takes(0)).isTrue();
        assertThat(file.takes(3)).isFalse();
        assertThat(file.takes(5)).isTrue();
        RuleEntry rule = file.rules().get(0);
        assertThat(rule.verdict().verdict()).isEqualTo(new Verdict.Requeue(3, Verdict.NoListener.ACCEPT));
        assertThat(rule.verdict().place()).isEqualTo(new Place("p.yaml", 9, 14));
        assertThat(rule.when().value()).isEqualTo("udp");
        assertThat(rule.when().at(0)).isEqualTo(new Place("p.yaml", 8, 12));
        assertThat(rule.mark().applyTo(0x100)).isEqualTo(0x112);
        assertThat(rule.event()).isEqualTo(new Rate(10, 60_000_000_000L));
        assertThat(rule.message()).isEqualTo("hello: there");
        assertThat(rule.id()).isEqualTo(17);
        assertThat(rule.severity()).isEqualTo(1);
        assertThat(file.defaultVerdict().verdict()).isEqualTo(Verdict.REJECT);
    }

    @Test
    void readsPoliciesInByteOrderOfTheirNames() throws IOException {
        for (String name : List.of("b.yaml", "B.yaml", "10-x.yaml", "9-x.yaml", "é.yaml", "a.yml", "c.yaml.bak")) {
            Files.writeString(directory.resolve(name), "policy: p\n");
        }
        List<PolicyFile> files = loader.policies(directory);
        assertThat(problems.list()).isEmpty();
        assertThat(files)
                .extracting(file -> Path.of(file.place().file()).getFileName().toString())
                .containsExactly("10-x.yaml", "9-x.yaml", "B.yaml", "b.yaml", "é.yaml");
    }

    @Test
    void saysHowToCureAMissingDirectory() {
        DaemonConfig config = loader.daemon("conf/gavel.yaml", "fail: open\npolicies: nowhere-at-all\n");
        assertThat(loader.policies(config)).isEmpty();
        assertThat(problems.list())
                .singleElement()
                .extracting(Problem::headline)
                .isEqualTo("conf/gavel.yaml:2:11: no directory \"conf/nowhere-at-all\" for policies that can be read;"
                        + " expected one: create it, or set policies: to another");
    }

    @Test
    void saysThatAFileIsMissingOrTooLong() throws IOException {
        Path huge = directory.resolve("huge.yaml");
        Files.write(huge, new byte[SourceFile.MAX_BYTES + 1]);
        Path missing = directory.resolve("missing.yaml");
        assertThat(loader.policies(List.of(missing, huge))).isEmpty();
        assertThat(problems.list())
                .extracting(Problem::headline)
                .containsExactly(
                        missing + ":1:1: no such file; expected a YAML file",
                        huge + ":1:1: file of 4194305 bytes; expected at most 4 MiB");
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesWhatIsNoFileWithoutOpeningIt() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThat(loader.policies(List.of(fifo, Path.of("/dev/zero")))).isEmpty();
        assertThat(problems.list())
                .extracting(Problem::headline)
                .containsExactly(
                        fifo + ":1:1: this is a pipe, a socket or a device; expected a YAML file",
                        "/dev/zero:1:1: this is a pipe, a socket or a device; expected a YAML file");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] bytes = "policy: p\nwhen: x".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xff;
        assertThat(SourceFile.decode("p.yaml", bytes, problems)).isNull();
        byte[] cut = "policy: é".getBytes(StandardCharsets.UTF_8);
        assertThat(SourceFile.decode("q.yaml", java.util.Arrays.copyOf(cut, cut.length - 1), problems))
                .isNull();
        assertThat(problems.list())
                .extracting(Problem::headline)
                .containsExactly(
                        "p.yaml:2:7: byte that is not UTF-8; expected UTF-8",
                        "q.yaml:1:9: byte that is not UTF-8; expected UTF-8");
    }

    @Test
    void skipsAByteOrderMark() {
        PolicyFile file = loader.policy("p.yaml", "\ufeffpolicy: p\n");
        assertThat(problems.list()).isEmpty();
        assertThat(file.place()).isEqualTo(new Place("p.yaml", 1, 9));
    }

    @Test
    void readsNestingUpToItsLimit() {
        loader.policy("p.yaml", "policy: " + "[".repeat(31) + "]".repeat(31) + "\n");
        assertThat(problems.list()).singleElement().asString().contains("1:9: found a list");
    }
}

package dev.gavel.cli;

import static dev.gavel.cli.Pcap.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code gavel test}; interfaces.md, section 3. */
class TestCommandTest {
    private static final String POLICY = """
            policy: p
            rules:
              - {name: low, when: udp, verdict: continue, mark: 0x2/0xf}
              - {name: nine, when: udp.dst_port == 9, verdict: drop}
              - {name: elsewhere, when: udp.dst_port == 12, verdict: queue 5}
              - {name: by-hook, when: hook == forward and in_iface == "eth7" and queue == 3 and mark == 1, verdict: reject}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), POLICY);
        new Pcap()
                .add(udp(1, 5, 2, 7, "x"))
                .add(udp(1, 5, 2, 9, "x"))
                .add(udp(1, 5, 2, 12, "x"))
                .write(folder);
    }

    private Run test(String tests, Object... more) throws IOException {
        Path file = Files.writeString(folder.resolve("tests.yaml"), "policies: [p.yaml]\ntests:\n" + tests);
        Object[] words = new Object[more.length + 2];
        words[0] = "test";
        words[1] = file;
        System.arraycopy(more, 0, words, 2, more.length);
        return Run.of(words);
    }

    @Test
    void passesTheExample() {
        Run run = Run.of("test", "examples/tests.yaml");
        assertThat(run.out()).endsWith("2 tests: 2 passed, 0 failed\n").contains("ok    an injection is reset");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void checksEverythingThatIsExpected() throws IOException {
        Run run = test("""
                - name: all of it
                  capture: test.pcap
                  packets:
                    1: {verdict: accept, reason: default, rule: null, mark: 0x2/0xf}
                    2: {verdict: drop, reason: rule, rule: p/nine}
                    3: {verdict: queue 5, rule: p/elsewhere}
                  totals: {packets: 3, accept: 1, drop: 1, reject: 0, other: 1, flows: 3, malformed: 0,
                           rules: {p/low: 3, p/nine: 1, p/by-hook: 0}, reasons: {rule: 2, default: 1}}
                """);
        assertThat(run.out()).isEqualTo("ok    all of it (3 packets)\n\n1 tests: 1 passed, 0 failed\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void saysPacketExpectedAndGot() throws IOException {
        Run run = test("""
                - name: all wrong
                  capture: test.pcap
                  packets:
                    1: {verdict: drop, reason: rule, rule: p/nine, mark: 0x3/0xf}
                    3: {verdict: queue 6}
                    4-9: {verdict: accept}
                  others: {verdict: reject}
                  totals: {drop: 2, rules: {p/nine: 0}}
                """);
        assertThat(run.lines())
                .contains(
                        "FAIL  all wrong (3 packets)",
                        "      packet 1: expected verdict drop, got accept",
                        "      packet 1: expected reason rule, got default",
                        "      packet 1: expected rule p/nine, got null",
                        "      packet 1: expected mark 0x3/0xf, got 0x2/0xf",
                        "      packet 2: expected verdict reject, got drop",
                        "      packet 3: expected verdict queue 6, got queue 5",
                        "      totals: expected drop 2, got 1",
                        "      totals: expected rules p/nine 0, got 1")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("      packet 4: expected, but ")
                        .endsWith(" has 3 packets"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void comparesWhatShadowsWouldHaveDone() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), """
                policy: p
                mode: shadow
                rules:
                  - {name: nine, when: udp.dst_port == 9, limit: {over: 1/h}, verdict: drop}
                  - {name: other, when: udp.dst_port != 9, verdict: reject}
                default: drop
                """);
        Run run = test("""
                - name: right
                  capture: test.pcap
                  packets:
                    1: {verdict: accept, shadow: {p: drop, p/other: reject}}
                    2: {shadow: {p: drop}}
                  totals: {shadow: {p/nine: 0, p/other: 2}}
                - name: wrong
                  capture: test.pcap
                  packets:
                    1: {shadow: {}}
                    2: {shadow: {p/nine: drop, p: drop}}
                """);
        assertThat(run.lines())
                .contains(
                        "ok    right (3 packets)",
                        "FAIL  wrong (3 packets)",
                        "      packet 1: expected shadow none, got p drop, p/other reject",
                        "      packet 2: expected shadow p drop, p/nine drop, got p drop");
    }

    @Test
    void setsWhatTheCaptureDoesNotHold() throws IOException {
        String set = "- name: x\n  capture: test.pcap\n  packets: {1: {verdict: %s}}\n";
        assertThat(test(set.formatted("reject") + "  set: {queue: 3, hook: forward, mark: 0x1, in_iface: eth7}\n")
                        .exitCode())
                .isZero();
        assertThat(test(set.formatted("accept") + "  set: {queue: 3, hook: forward, mark: 0x1, in_iface: eth8}\n")
                        .exitCode())
                .isZero();
        assertThat(test(set.formatted("accept") + "  set: {queue: 3, hook: input, mark: 0x1, in_iface: eth7}\n")
                        .exitCode())
                .isZero();
    }

    @Test
    void refusesWhatCannotComeTrue() throws IOException {
        Run run = test("""
                - name: typing errors
                  capture: test.pcap
                  set: {hook: foward, queue: 65536}
                  packets:
                    1: {verdict: dorp, reason: rules, rule: p/nin}
                    0: {verdict: drop}
                - {name: nothing, capture: test.pcap}
                """);
        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(run.err()).contains("tests.yaml:5:30: ", "tests.yaml:8:5: ", "tests.yaml:9:10: ");

        Run words = test("""
                - name: typing errors
                  capture: test.pcap
                  set: {hook: foward}
                  packets:
                    1: {verdict: dorp, reason: rules, rule: p/nin}
                """);
        assertThat(words.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(words.err())
                .contains(
                        "tests.yaml:5:15: unknown hook \"foward\"",
                        "(did you mean \"forward\"?)",
                        "tests.yaml:7:18: unknown verdict \"dorp\"",
                        "(did you mean \"drop\"?)",
                        "unknown reason \"rules\"",
                        "unknown rule \"p/nin\"",
                        "(did you mean \"p/nine\"?)");
    }

    @Test
    void refusesTotalsOfWhatIsNotThere() throws IOException {
        Run run = test("""
                - name: typing errors
                  capture: test.pcap
                  packets: {1: {shadow: {p/nine: drop, p/nin: drop}}}
                  totals: {rules: {p/nin: 0}, reasons: {defualt: 0}, shadow: {q: 0}}
                """);
        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(run.err())
                .contains(
                        "unknown shadow rule \"p/nin\"", "unknown name \"p/nin\"", "unknown name \"defualt\"", "\"q\"");
    }

    @Test
    void failsTheTestWhoseCaptureCannotBeRead() throws IOException {
        Run run = test("""
                - {name: x, capture: gone.pcap, others: {verdict: drop}}
                - {name: y, capture: p.yaml, others: {verdict: drop}}
                - {name: z, capture: test.pcap, packets: {2: {verdict: drop}}}
                """);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains(
                        "FAIL  x",
                        "gone.pcap: no such file or directory",
                        "FAIL  y",
                        "neither pcap nor pcapng",
                        "ok    z");
    }

    @Test
    void writesWhatBuildServersRead() throws Exception {
        Path junit = folder.resolve("junit.xml");
        test("""
                - {name: 'good <&">', capture: test.pcap, packets: {2: {verdict: drop}}}
                - {name: bad, capture: test.pcap, packets: {1: {verdict: drop}}}
                """, "--junit", junit);
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile());
        Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        Element good = (Element) xml.getElementsByTagName("testcase").item(0);
        assertThat(good.getAttribute("name")).isEqualTo("good <&\">");
        assertThat(good.getElementsByTagName("failure").getLength()).isZero();
        Element bad = (Element) xml.getElementsByTagName("testcase").item(1);
        assertThat(((Element) bad.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("packet 1: expected verdict drop, got accept");
    }

    @Test
    void takesAConfigurationToo() throws IOException {
        Files.createDirectory(folder.resolve("policies.d"));
        Files.copy(folder.resolve("p.yaml"), folder.resolve("policies.d/p.yaml"));
        Files.writeString(folder.resolve("gavel.yaml"), "default: drop\n");
        Path tests = Files.writeString(folder.resolve("t.yaml"), """
                config: gavel.yaml
                tests:
                  - {name: default, capture: test.pcap, packets: {1: {verdict: drop, reason: default}}}
                """);
        assertThat(Run.of("test", tests).exitCode()).isZero();
    }
}

package dev.gavel.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problem;
import dev.gavel.config.source.Problems;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.policy.Policies;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.program.Evaluation;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ListsTest {
    @TempDir
    private Path directory;

    @Test
    void asksListsOfEveryType() throws Exception {
        write("nets.txt", "10.0.0.0/8\n192.168.0.1\n172.16.0.1..172.16.0.9\n2001:db8::/32\n");
        Program program = compile("", """
                lists:
                  nets: {type: net, file: nets.txt}
                  ports: {type: port, entries: [80, 8000..8099]}
                  devices: {type: string, entries: [eth0, "wlan"]}
                  words: {type: string, entries: [EVIL, "two words", "longer than the slice"]}
                rules:
                  - {name: net, when: ip.addr in $nets, verdict: drop}
                  - {name: port, when: tcp.dst_port in $ports, verdict: drop}
                  - {name: device, when: in_iface in $devices, verdict: drop}
                  - {name: part, when: out_iface istarts_with $devices, verdict: drop}
                  - {name: word, when: 'payload[0:10] icontains $words', verdict: drop}
                """);
        assertThat(program.warnings()).isEmpty();
        assertThat(judge(program, new MadeUpFacts().address(Field.IP_SRC, "172.16.0.5")))
                .isEqualTo("net");
        assertThat(judge(program, new MadeUpFacts().address(Field.IP_DST, "2001:db8::7")))
                .isEqualTo("net");
        assertThat(judge(program, new MadeUpFacts().address(Field.IP_DST, "172.16.0.10")))
                .isNull();
        MadeUpFacts tcp = new MadeUpFacts().number(Field.TCP, 1);
        assertThat(judge(program, tcp.number(Field.DST_PORT, 8099))).isEqualTo("port");
        assertThat(judge(program, tcp.number(Field.DST_PORT, 8100))).isNull();
        assertThat(judge(program, new MadeUpFacts().text(Field.IN_IFACE, "wlan")))
                .isEqualTo("device");
        assertThat(judge(program, new MadeUpFacts().text(Field.IN_IFACE, "wlan0")))
                .isNull();
        assertThat(judge(program, new MadeUpFacts().text(Field.OUT_IFACE, "WLAN0")))
                .isEqualTo("part");
        assertThat(judge(program, payload("a tWo wOrds"))).isNull();
        assertThat(judge(program, payload("tWo wOrds"))).isEqualTo("word");
    }

    @Test
    void findsNothingInAListWithoutEntries() throws Exception {
        Program program = compile("", """
                lists:
                  nets: {type: net, entries: []}
                  words: {type: string, entries: []}
                rules:
                  - {name: r, when: ip.src in $nets or payload contains $words or in_iface in $words, verdict: drop}
                """);
        assertThat(judge(program, payload("x").address(Field.IP_SRC, "10.0.0.1").text(Field.IN_IFACE, "a")))
                .isNull();
    }

    @Test
    void readsFilesWithCommentsBlanksMarksAndLineEndsOfAllKinds() throws Exception {
        write("nets.txt", "\ufeff# of mine\r\n\r\n  10.0.0.1\t# a host\r\n10.0.0.2#\n \t\n\t# \u00fcber\n10.0.0.3");
        write("words.txt", "\ufeff#no\n a #b \r\n  # no\n\"c\"\n");
        Program program = compile("", """
                lists:
                  nets: {type: net, file: ./nets.txt}
                  words: {type: string, file: words.txt}
                rules:
                  - {name: net, when: ip.src in $nets, verdict: drop}
                  - {name: word, when: payload contains $words, verdict: drop}
                """);
        for (int i = 1; i <= 3; i++) {
            assertThat(judge(program, new MadeUpFacts().address(Field.IP_SRC, "10.0.0." + i)))
                    .isEqualTo("net");
        }
        assertThat(judge(program, payload("- a #b -"))).isEqualTo("word");
        assertThat(judge(program, payload("-a #b -"))).isNull();
        assertThat(judge(program, payload("\"c\""))).isEqualTo("word");
        assertThat(judge(program, payload("#no"))).isNull();
    }

    @Test
    void pointsAtTheMistakesOfAFile() throws Exception {
        write(
                "nets.txt",
                "10.0.0.1\n  80 # port\n10.0.0.0/33\n1.1.1.1 2.2.2.2\n10.0.0.9..10.0.0.1\n::1..1.1.1.1\nevil\n");
        assertThat(problems("lists: {l: {type: net, file: nets.txt}}")).isEqualTo("""
                nets.txt:2:3: "80" is a number; expected an address, a prefix or a range such as 10.0.0.1..10.0.0.9, \
                as the list is of type net
                nets.txt:3:9: malformed prefix length "33"; expected /0 to /32
                nets.txt:4:9: found "2.2.2.2"; expected one entry
                nets.txt:5:1: empty range; expected the lower end first
                nets.txt:6:1: range from IPv4 to IPv6; expected two addresses of one version
                nets.txt:7:1: "evil" is a word; expected an address, a prefix or a range such as 10.0.0.1..10.0.0.9, \
                as the list is of type net""");
    }

    @Test
    void showsTheLineOfAMistakeInAFile() throws Exception {
        write("nets.txt", "10.0.0.1\n  80 # port\n10.0.0.2\na\0b\n");
        assertThatThrownBy(() -> compile("", "lists: {l: {type: net, file: nets.txt}}"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> String.valueOf(problem.excerpt()))
                                .containsExactly("  80 # port\n  ^", "a.b\n ^"));
    }

    @Test
    void takesNoSizesForPorts() throws Exception {
        write("ports.txt", "0x1f90\n8KiB\n80..1KiB\n");
        assertThat(problems("lists: {l: {type: port, file: ports.txt}}")).isEqualTo("""
                ports.txt:2:1: "8KiB" is a size in bytes; expected a port or a range of ports such as 8000..8099, \
                from 0 to 65535
                ports.txt:3:5: "1KiB" is a size in bytes; expected a port or a range of ports such as 8000..8099, \
                from 0 to 65535""");
    }

    @Test
    void tellsTheFirstFiftyMistakesOfAFileOfRubbish() throws Exception {
        write("nets.txt", "rubbish\n".repeat(100_000));
        assertThat(problems("lists: {l: {type: net, file: nets.txt}}").lines())
                .hasSize(Problems.LIMIT)
                .last()
                .asString()
                .startsWith("nets.txt:50:1: ");
    }

    @Test
    void refusesBytesThatAreNoText() throws Exception {
        Files.write(directory.resolve("a.txt"), new byte[] {'a', '\n', (byte) 0xc3, (byte) 0xa9, (byte) 0xff, '\n'});
        write("b.txt", "ab\0c\n");
        write("c.txt", "a\rb\n");
        assertThat(problems("lists: {a: {type: string, file: a.txt}, b: {type: net, file: b.txt},"
                        + " c: {type: string, file: c.txt}}"))
                .isEqualTo("""
                        a.txt:2:2: byte that is not UTF-8; expected one entry a line, in UTF-8
                        b.txt:1:3: character U+0000; expected one entry a line, in UTF-8
                        c.txt:1:2: character U+000D; expected one entry a line, in UTF-8""");
    }

    @Test
    void boundsLinesEntriesAndFiles() throws Exception {
        write("line.txt", "a".repeat(64 << 10) + "\nb\n" + "#".repeat((64 << 10) + 1));
        write("many.txt", "1\n".repeat(ListCompiler.MAX_ENTRIES) + "# one more\n2\n");
        try (RandomAccessFile huge =
                new RandomAccessFile(directory.resolve("huge.txt").toFile(), "rw")) {
            huge.setLength((256L << 20) + 1);
        }
        assertThat(problems("lists: {a: {type: string, file: line.txt}, b: {type: port, file: many.txt},\n"
                        + " c: {type: string, file: huge.txt}}"))
                .isEqualTo("""
                        p.yaml:3:26: list file "huge.txt" has 268435457 bytes; expected at most 256 MiB
                        line.txt:3:1: line of more than 64 KiB; expected one entry a line
                        many.txt:1000002:1: more than 1000000 entries; expected several lists""");
    }

    @Test
    void boundsTheBytesOfAListByTheHeap() throws Exception {
        long eighth = Runtime.getRuntime().maxMemory() / 8;
        long fitting = eighth / 60_000;
        try (BufferedWriter file = Files.newBufferedWriter(directory.resolve("large.txt"))) {
            for (long i = 0; i <= fitting; i++) {
                file.write("a".repeat(60_000) + "\n");
            }
        }
        assertThat(problems("lists: {l: {type: string, file: large.txt}}"))
                .isEqualTo("large.txt:" + (fitting + 1) + ":1: the entries up to this one have more than "
                        + (eighth >> 20) + " MiB, an eighth of the Java heap; expected fewer of them, or a larger"
                        + " heap (-Xmx)");
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesWhatIsNoFileWithoutOpeningIt() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", directory.resolve("fifo").toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Files.createDirectory(directory.resolve("dir"));
        assertThat(problems("""
                        lists:
                          a: {type: net, file: fifo}
                          b: {type: net, file: dir}
                          c: {type: net, file: /dev/zero}
                          d: {type: net, file: none.txt}
                        """)).isEqualTo("""
                        p.yaml:3:24: list file "fifo" is a pipe, a socket or a device; expected a file
                        p.yaml:4:24: list file "dir" is a directory; expected a file
                        p.yaml:5:24: list file "/dev/zero" is a pipe, a socket or a device; expected a file
                        p.yaml:6:24: list file "none.txt" does not exist; expected a file""");
    }

    @Test
    void sharesTheListsOfTheConfiguration() throws Exception {
        String all = "lists: {all: {type: port, entries: [80]}, unused: {type: port, entries: [81]}}\n";
        Program program = compile(all, "rules: [{name: r, when: port in $all, verdict: drop}]\n");
        assertThat(judge(program, new MadeUpFacts().number(Field.SRC_PORT, 80))).isEqualTo("r");
        assertThat(shown(program.warnings()))
                .isEqualTo("gavel.yaml:1:43: warning: list \"unused\" is not used; remove it");
    }

    @Test
    void loadsAMillionPrefixes() throws Exception {
        write(
                "million.txt",
                IntStream.range(0, ListCompiler.MAX_ENTRIES)
                        .mapToObj(i -> (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff) + ".128/25\n")
                        .collect(Collectors.joining()));
        Program program = compile("", """
                lists: {nets: {type: net, file: million.txt}}
                rules: [{name: r, when: ip.src in $nets, verdict: drop}]
                """);
        assertThat(judge(program, new MadeUpFacts().address(Field.IP_SRC, "15.66.63.129")))
                .isEqualTo("r");
        assertThat(judge(program, new MadeUpFacts().address(Field.IP_SRC, "15.66.63.127")))
                .isNull();
        assertThat(judge(program, new MadeUpFacts().address(Field.IP_SRC, "15.66.64.128")))
                .isNull();
    }

    private static MadeUpFacts payload(String text) {
        return new MadeUpFacts().bytes(Field.PAYLOAD, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String judge(Program program, MadeUpFacts facts) {
        Evaluation evaluation = new Evaluation();
        program.judge(0, facts.searches(program.searches()), evaluation);
        Rule rule = evaluation.findings().rule();
        return rule == null ? null : rule.name();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    /** Compiles a policy whose name stands on its first line. */
    private Program compile(String daemon, String policy) throws ConfigException, IOException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        DaemonConfig config = loader.daemon("gavel.yaml", daemon);
        write("p.yaml", "policy: p\n" + policy);
        List<PolicyFile> files = loader.policies(List.of(directory.resolve("p.yaml")));
        return Policies.compile(config, files, problems);
    }

    private String problems(String policy) throws IOException {
        try {
            return shown(compile("", policy).warnings());
        } catch (ConfigException e) {
            return shown(e.problems());
        }
    }

    private String shown(List<Problem> problems) {
        return problems.stream()
                .map(Problem::headline)
                .collect(Collectors.joining("\n"))
                .replace(directory + "/", "");
    }
}

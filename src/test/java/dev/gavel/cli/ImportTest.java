package dev.gavel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.cli.terminal.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gavel import}, and that {@code gavel check} takes what it makes. */
class ImportTest {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    private Path checked(String policy) throws IOException {
        Path file = Files.writeString(folder.resolve("imported.yaml"), policy);
        Run check = Run.of("check", file);
        assertThat(check.exitCode()).as(policy + check.err()).isZero();
        return file;
    }

    @Test
    void makesAPolicyThatCheckTakes() throws IOException {
        Run run = Run.of("import", "iptables", "src/test/resources/dev/gavel/cli/router.rules");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().lines().map(line -> line.replaceAll("^.*router.rules:(\\d+): (.*?): .*", "$1 $2")))
                .containsExactly(
                        "9 table nat has no counterpart in a policy",
                        "22 -m conntrack",
                        "24 -m limit",
                        "25 target LOG has no counterpart in a policy",
                        "31 translated, but reject answers TCP with resets and all else with port unreachable, not with"
                                + " icmp-admin-prohibited");
        assertThat(run.out()).contains("# 38: -j DROP\n", "    message: 'web, all'\n");
        checked(run.out());
    }

    @Test
    void judgesAsTheRulesDid() throws IOException {
        Path rules = file("rules", """
                *filter
                :INPUT ACCEPT [0:0]
                -A INPUT -p udp -m udp --dport 53 -m string --hex-string "|04|evil|04|test" --algo bm --icase --from 28 -j DROP
                """);
        Path policy = folder.resolve("policy.yaml");
        assertThat(Run.of("import", "iptables", rules, "--output", policy)).isEqualTo(new Run(0, "", ""));
        Path capture = new Pcap()
                .add(Pcap.udp(1, 9, 2, 53, "xx\4EVIL\4test\0"))
                .add(Pcap.udp(1, 9, 2, 54, "xx\4evil\4test\0"))
                .add(Pcap.udp(1, 9, 2, 53, "xx\4evil test\0"))
                .write(folder);
        assertThat(Run.json(policy, capture, "--hook", "input").column("verdict"))
                .containsExactly("drop", "accept", "accept");
        assertThat(Run.json(policy, capture, "--hook", "output").column("reason"))
                .containsOnly("default");
    }

    @Test
    void judgesByLargeSets() throws IOException {
        StringBuilder sets = new StringBuilder("create 1.Big hash:ip\ncreate six hash:net family inet6\n");
        for (int i = 1; i < 100; i++) {
            sets.append("add 1.Big 192.0.2.")
                    .append(i)
                    .append("\nadd six fd00:")
                    .append(i)
                    .append("::/32\n");
        }
        Path rules = file(
                "rules",
                "-A INPUT -m set --match-set six src -j DROP\n-A INPUT -m set --match-set 1.Big src -j DROP\n");
        Run run = Run.of("import", "iptables", rules, "--ipset", file("sets", sets.toString()));
        assertThat(run.err()).isEmpty();
        Path capture = new Pcap()
                .add(Pcap.udp(99, 1, 2, 2, ""))
                .add(Pcap.udp(100, 1, 2, 2, ""))
                .write(folder);
        assertThat(Run.json(checked(run.out()), capture, "--hook", "input").column("verdict"))
                .containsExactly("drop", "accept");
    }

    @Test
    void keepsEveryByteOfAString() throws IOException {
        Random random = new Random(1);
        for (int round = 0; round < 40; round++) {
            byte[] bytes = new byte[1 + random.nextInt(128)];
            random.nextBytes(bytes);
            String odd = "'\"\\|#: {}[]!&*%@`,?>-\t$";
            for (int i = 0; round % 2 == 0 && i < bytes.length; i++) {
                bytes[i] = (byte) odd.charAt(random.nextInt(odd.length()));
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            line.writeBytes("-A INPUT -m string --algo kmp --string \"".getBytes(StandardCharsets.US_ASCII));
            line.writeBytes(
                    text.replaceAll("[\"\\\\]", "\\\\$0").replace('\n', ' ').getBytes(StandardCharsets.ISO_8859_1));
            line.writeBytes("\" -m comment --comment \"it's: #1 'x' é\" -j DROP\n".getBytes(StandardCharsets.UTF_8));
            Path rules = Files.write(folder.resolve("rules"), line.toByteArray());
            Run run = Run.of("import", "iptables", rules);
            assertThat(run.err()).isEmpty();
            String wanted = text.replace('\n', ' ');
            Path capture = Files.write(
                    folder.resolve("odd.pcap"),
                    new Pcap()
                            .add(Pcap.ipv4(253, 1, 2, wanted.getBytes(StandardCharsets.ISO_8859_1)))
                            .add(Pcap.ipv4(253, 1, 2, wanted.substring(1).getBytes(StandardCharsets.ISO_8859_1)))
                            .bytes());
            assertThat(Run.json(checked(run.out()), capture, "--hook", "input").column("verdict"))
                    .as(run.out())
                    .containsExactly("drop", "accept");
        }
    }

    @Test
    void neverEndsInAStackTrace() throws IOException {
        Random random = new Random(2);
        String[] words = {
            "-A INPUT",
            "!",
            "-p",
            "tcp",
            "-m",
            "string",
            "--string",
            "\"",
            "\\",
            "|",
            "--hex-string",
            "|4|",
            "--dport",
            "-1",
            "999999999999999999999",
            "0x",
            "-s",
            "/",
            "1.2.3.4/",
            "::",
            ",",
            "-j",
            "MARK",
            "--set-xmark",
            "-g",
            "mark",
            "--mark",
            "/0",
            "\n",
            "\n-A INPUT -m string --algo bm",
            "*filter\n",
            ":x - [0:0]\n",
            "-m set",
            "--match-set",
            "x",
            "\0",
            "\u00ff",
            "REJECT",
            "--reject-with",
            "NFQUEUE",
            "--queue-num",
            "--length",
            ":",
            "iprange",
            "--src-range",
            "1.1.1.1-",
            "--icmp-type",
            "icmp",
            "multiport",
            "--ports",
            "COMMIT\n"
        };
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder("-A INPUT ");
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(words[random.nextInt(words.length)]).append(random.nextInt(3) == 0 ? "" : " ");
            }
            Path rules = file("rules", text.toString());
            Run run = Run.of("import", "iptables", rules, "--ipset", rules);
            assertThat(run.exitCode()).as(text + run.err()).isBetween(0, 1);
            checked(run.out());
        }
    }

    @Test
    void saysWhatItCannotRead() throws IOException {
        assertThat(Run.of("import", "iptables", folder.resolve("none")))
                .isEqualTo(new Run(
                        ExitCode.FAILED, "", "gavel: " + folder.resolve("none") + ": no such file or directory\n"));
        assertThat(Run.of("import", "iptables", "/dev/zero").err()).isEqualTo("gavel: /dev/zero: more than 64 MiB\n");
        assertThat(Run.of("import", "iptables", folder).err()).startsWith("gavel: " + folder + ": ");
        assertThat(Run.of("import", "suricata", "x").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Run.of("import", "iptables", "--chain", "INPT", "x")).isEqualTo(new Run(ExitCode.USAGE, "", """
                        gavel: --chain INPT; expected PREROUTING, INPUT, FORWARD, OUTPUT or POSTROUTING (did you mean "INPUT"?)
                        Try 'gavel import --help'.
                        """));
        assertThat(Run.of("import", "suricata", "x").err()).contains("cannot be imported yet");
        assertThat(Run.of("import", "iptables", file("r", ""), "--output", folder)
                        .exitCode())
                .isEqualTo(ExitCode.FAILED);
    }
}

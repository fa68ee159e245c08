package dev.gavel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gavel check}: what is wrong in which place, and the exit code. */
class CheckTest {
    private static final String FINE = """
            policy: fine
            rules:
              - name: web
                when: tcp.dst_port == 80
                verdict: drop
            """;
    /** A mark has no effect on a packet that is dropped. */
    private static final String DOUBTFUL = FINE.replace("policy: fine", "policy: doubtful") + "    mark: 0x1\n";

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void saysThatAPolicyIsFine() throws IOException {
        assertThat(Run.of("check", file("a.yaml", FINE)))
                .isEqualTo(new Run(0, "fine: 1 queue(s), 1 rule(s), 0 warning(s)\n", ""));
        assertThat(Run.of("check", "--strict", file("a.yaml", FINE)).exitCode()).isZero();
    }

    @Test
    void readsTheConfigurationAndItsPolicies() throws IOException {
        Path config = file("gavel.yaml", "queues: [{number: 0-3}]\n");
        file("policies.d/10.yaml", FINE);
        file("policies.d/20.yaml", DOUBTFUL);
        Run run = Run.of("check", "-c", config);
        assertThat(run.out()).isEqualTo("fine: 4 queue(s), 2 rule(s), 1 warning(s)\n");
    }

    @Test
    void warnsAndFailsWithStrictOnly() throws IOException {
        Path policy = file("a.yaml", DOUBTFUL);
        String warning = policy + ":6:11: warning: mark on a packet that is dropped has no effect; remove it\n"
                + "    mark: 0x1\n          ^\n";
        assertThat(Run.of("check", policy))
                .isEqualTo(new Run(0, "fine: 1 queue(s), 1 rule(s), 1 warning(s)\n", warning));
        assertThat(Run.of("check", "--strict", policy))
                .isEqualTo(new Run(
                        ExitCode.CONFIG, "not fine, for --strict: 1 queue(s), 1 rule(s), 1 warning(s)\n", warning));
    }

    @Test
    void tellsAllMistakesOfAllFilesInOrder() throws IOException {
        Path config = file("gavel.yaml", "fial: open\nqueues:\n  - number: 70000\n");
        Path second = file(
                "policies.d/20.yaml",
                FINE.replace("policy: fine", "policy: second").replace("drop", "dorp"));
        Path first = file("policies.d/10.yaml", FINE.replace("tcp.dst_port", "tcp.dts_port") + "    colour: red\n");
        Run run = Run.of("check", "-c", config);
        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(run.out()).isEmpty();
        assertThat(headlines(run).map(line -> line.substring(0, line.indexOf(": "))))
                .containsExactly(config + ":1:1", config + ":3:13", first + ":4:11", first + ":6:5", second + ":5:14");
        assertThat(run.err())
                .contains("(did you mean \"fail\"?)", "(did you mean \"tcp.dst_port\"?)", "(did you mean \"drop\"?)");
    }

    @Test
    void takesPoliciesInTheOrderOfTheCommandLine() throws IOException {
        Path b = file("b.yaml", "policy: 1x!\n");
        Path a = file("a.yaml", "policy: 2x!\n");
        assertThat(headlines(Run.of("check", b, a)))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(b + ":1:"),
                        line -> assertThat(line).startsWith(a + ":1:"));
    }

    /** Without the lines of the files. */
    private Stream<String> headlines(Run run) {
        return run.err().lines().filter(line -> line.startsWith(folder.toString()));
    }

    @Test
    void showsTheLineInColorsIfAsked() throws IOException {
        Path policy = file("a.yaml", "policy: a\nwhen: tpc\n");
        String plain = policy + ":2:7: unknown field \"tpc\"; expected a field such as ip.src or tcp.dst_port (did you"
                + " mean \"tcp\"?)\nwhen: tpc\n      ^\n";
        assertThat(Run.of("check", policy)).isEqualTo(new Run(ExitCode.CONFIG, "", plain));
        assertThat(Run.of("check", "--color", "never", policy).err()).isEqualTo(plain);
        String colored = Run.of("check", "--color", "always", policy).err();
        assertThat(colored).contains("\u001b[1m" + policy + ":2:7:\u001b[", "      \u001b[31m^\u001b[");
        assertThat(colored.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void saysHowManyErrorsThereAreBeyondFifty() throws IOException {
        Path policy = file("a.yaml", "policy: a\n" + keys(62));
        Run run = Run.of("check", policy);
        assertThat(headlines(run)).hasSize(50);
        assertThat(run.err()).endsWith("\n... and 12 more errors\n");
    }

    private static String keys(int count) {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < count; i++) {
            keys.append("k").append(i).append(": 1\n");
        }
        return keys.toString();
    }

    private static void refuses(Path file, String message, Object... arguments) {
        assertThat(Run.of(arguments)).isEqualTo(new Run(ExitCode.CONFIG, "", file + ":1:1: " + message + "\n"));
    }

    @Test
    void saysWhichFileCannotBeRead() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        refuses(missing, "no such file; expected a YAML file", "check", missing);
        refuses(missing, "no such file; expected a YAML file", "check", "-c", missing);
        refuses(missing, "no such file; expected a YAML file", "run", "-c", missing);
        refuses(folder, "this is a directory; expected a YAML file", "check", folder);
        refuses(folder, "this is a directory; expected a YAML file", "check", "-c", folder);
    }

    @Test
    void saysWhichDirectoryOfPoliciesIsMissing() throws IOException {
        Path config = file("gavel.yaml", "\n\npolicies: nowhere\n");
        Run run = Run.of("check", "-c", config);
        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(run.err()).startsWith(config + ":3:11: ").contains(folder.resolve("nowhere") + "\"", "create it");
    }
}

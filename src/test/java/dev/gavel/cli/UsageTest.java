package dev.gavel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.cli.terminal.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: usage errors, help, version, colors. */
class UsageTest {
    private static final String ESCAPE = "\u001b";
    private static final String SAMPLE = "examples/sample.pcap";

    private static Run refuses(String message, Object... arguments) {
        Run run = Run.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("gavel: " + message);
        return run;
    }

    @Test
    void listsTheCommandsWhereNoneOfThemIsMeant() {
        assertThat(refuses("a command is missing").err()).contains("  demo ", "  run ", "  check ", "  replay ");
        assertThat(refuses("Unmatched argument at index 0: 'frob'", "frob").err())
                .contains("  replay ");
    }

    @Test
    void pointsToTheHelpOfTheCommand() {
        assertThat(refuses("Unknown option: '--strct'", "check", "--strct").err())
                .isEqualTo("""
                        gavel: Unknown option: '--strct'
                        Possible solutions: --strict
                        Try 'gavel check --help'.
                        """);
        assertThat(refuses("Missing required parameter: 'CAPTURE'", "replay").err())
                .endsWith("\nTry 'gavel replay --help'.\n");
    }

    @Test
    void takesAConfigurationOrPoliciesNotBoth() {
        refuses("--config names its own policies", "check", "-c", "a.yaml", "b.yaml");
        refuses("--config names its own policies", "replay", "-c", "a.yaml", "-p", "b.yaml", SAMPLE);
    }

    @Test
    void saysWhatAnOptionOfReplayTakes() {
        String demo = "examples/demo.yaml";
        refuses("--queue 65536; expected 0 to 65535", "replay", "-p", demo, "--queue", "65536", SAMPLE);
        refuses("--queue -1; expected 0 to 65535", "replay", "-p", demo, "--queue=-1", SAMPLE);
        refuses("--mark 0x100000000; expected", "replay", "-p", demo, "--mark", "0x100000000", SAMPLE);
        refuses("--mark two; expected", "replay", "-p", demo, "--mark", "two", SAMPLE);
        refuses("Invalid value for option '--hook'", "replay", "-p", demo, "--hook", "inward", SAMPLE);
        refuses("Invalid value for option '--format'", "replay", "-p", demo, "--format", "xml", SAMPLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "run", "check", "replay", "import"})
    void teachesEachCommandInItsHelp(String command) {
        Run run = Run.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: gavel " + command);
        // A command line to copy; the demo is one itself.
        assertThat(run.out())
                .containsPattern(command.equals("demo") ? "real packets|NFQUEUE" : "\n  (gavel|iptables) ");
        assertThat(Run.of("help", command)).isEqualTo(run);
    }

    @Test
    void saysInOneLineThatTheHeapIsTooSmall() {
        StringWriter err = new StringWriter();
        Writer full = new StringWriter() {
            @Override
            public void write(String text, int from, int length) {
                throw new OutOfMemoryError("made to fail");
            }
        };
        int exitCode = Gavel.commandLine()
                .setOut(new PrintWriter(full))
                .setErr(new PrintWriter(err, true))
                .execute("check", "examples/demo.yaml");
        assertThat(exitCode).isEqualTo(ExitCode.CONFIG);
        assertThat(err).hasToString("""
                gavel: not enough Java heap for these policies (made to fail); expected smaller ones, or a larger heap: \
                -Xmx via GAVEL_OPTS
                """);
    }

    @Test
    void namesTheExitCodesInItsHelp() {
        Run run = Run.of("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Exit codes: 0 fine", "69", "77", "78");
    }

    @Test
    void tellsItsVersion() {
        for (List<String> arguments : List.of(List.of("--version"), List.of("-V"), List.of("check", "--version"))) {
            Run run = Run.of(arguments.toArray());
            assertThat(run.exitCode()).isZero();
            assertThat(run.lines().get(0)).matches("gavel \\d+\\.\\d+\\.\\d+\\S* \\(.+\\)");
            assertThat(run.lines().get(1)).startsWith("Java " + Runtime.version() + ", Linux ");
        }
    }

    @Test
    void colorsItsHelpOnlyWhereToldTo() {
        for (String words :
                List.of("--color=COLOR --help", "--color=COLOR check --help", "check --color=COLOR --help")) {
            assertThat(help(words, "always")).contains(ESCAPE);
            assertThat(help(words, "never")).doesNotContain(ESCAPE);
            assertThat(help(words, "auto")).as("no terminal").doesNotContain(ESCAPE);
        }
        refuses("unknown --color \"blue\"; expected auto, always or never", "--color", "blue", "check");
    }

    private static String help(String words, String color) {
        return Run.of(Arrays.stream(words.replace("COLOR", color).split(" ")).toArray())
                .out();
    }
}

package dev.gavel.cli.replay;

import dev.gavel.assembly.Loaded;
import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.MatcherOption;
import dev.gavel.cli.terminal.Version;
import dev.gavel.config.ConfigLoader;
import dev.gavel.config.PolicyTests;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.engine.Engine;
import dev.gavel.match.Matchers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gavel test}. */
@Command(
        name = "test",
        description = {
            "Tests policies: replays captures and compares the verdicts with what is expected.",
            "",
            "A test file names policies, captures, and the verdicts, reasons and rules of their packets:",
            "  gavel test examples/tests.yaml",
            "Exit code 0: all tests pass; 1: one fails; 78: a test file or a policy cannot be loaded."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class TestCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also writes a report in JUnit's XML format.")
    private @Nullable Path junit;

    @Mixin
    private final MatcherOption matcher = new MatcherOption();

    @Parameters(paramLabel = "TESTS", arity = "1..*", description = "Test files.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws Exception {
        List<Suite> suites = new ArrayList<>();
        for (Path file : files) { // all of them first: a mistake in the last must not cost the results of the others
            suites.add(load(file));
        }
        Matchers matchers = matcher.matchers(); // once: it loads and probes the library, and may warn
        List<TestResult> results = new ArrayList<>();
        for (Suite suite : suites) {
            try (Engine engine = suite.loaded().engine(1, matchers)) {
                for (PolicyTests.Test test : suite.tests().tests()) {
                    TestResult result = TestRun.of(test, engine, suite.file());
                    print(result);
                    results.add(result);
                }
            }
        }
        if (junit != null) {
            writeJunit(junit, results);
        }
        long failed = results.stream().filter(result -> !result.passed()).count();
        out().printf("%n%d tests: %d passed, %d failed%n", results.size(), results.size() - failed, failed);
        return failed == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A test file, and the policies that it tests. */
    private record Suite(Path file, PolicyTests tests, Loaded loaded) {}

    private static Suite load(Path file) throws ConfigException {
        Problems problems = new Problems();
        PolicyTests tests = new ConfigLoader(problems).tests(file);
        Path config = tests.config();
        Loaded loaded = config == null ? Loaded.load(tests.policies()) : Loaded.load(config);
        new TestWords(loaded.program(), problems).check(tests);
        problems.throwIfErrors();
        return new Suite(file, tests, loaded);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void print(TestResult result) {
        out().printf("%s  %s (%d packets)%n", result.passed() ? "ok  " : "FAIL", result.name(), result.packets());
        result.failures().forEach(failure -> out().println(failure.indent(6).stripTrailing()));
    }

    private static void writeJunit(Path file, List<TestResult> results) throws CommandFailure {
        try {
            JunitReport.write(file, results);
        } catch (IOException e) {
            throw new CommandFailure("--junit " + file + ": " + e.getMessage());
        }
    }
}

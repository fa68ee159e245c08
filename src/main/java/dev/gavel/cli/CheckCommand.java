package dev.gavel.cli;

import dev.gavel.assembly.Loaded;
import dev.gavel.cli.replay.Sources;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.MatcherOption;
import dev.gavel.cli.terminal.ProblemPrinter;
import dev.gavel.cli.terminal.Version;
import dev.gavel.policy.program.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gavel check}. */
@Command(
        name = "check",
        description = {
            "Checks configuration and policies.",
            "",
            "Prints every error and warning with its place, FILE:LINE:COLUMN, and the line that is meant, then a"
                    + " summary if nothing is wrong. With policy files it checks just those; else the configuration"
                    + " and its policies.",
            "  gavel check -c config/gavel.yaml",
            "  gavel check --strict examples/demo.yaml",
            "Exit code 0: can be loaded; 78: cannot."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration (default: /etc/gavel/gavel.yaml if no policy is named).")
    private @Nullable Path config;

    @Option(names = "--strict", description = "Warnings fail too.")
    private boolean strict;

    @Mixin
    private final MatcherOption matcher = new MatcherOption();

    @Parameters(paramLabel = "POLICY", description = "Policy files, tried in this order.")
    private List<Path> policies = List.of();

    @Override
    public Integer call() throws Exception {
        Loaded loaded = Sources.load(spec, config, policies);
        loaded.engine(1, matcher.matchers()).close(); // tells patterns that no matcher takes
        Program program = loaded.program();
        new ProblemPrinter(spec.commandLine()).print(program.warnings());
        boolean fine = !strict || program.warnings().isEmpty();
        spec.commandLine()
                .getOut()
                .println((fine ? "fine: " : "not fine, for --strict: ")
                        + loaded.config().queues().size() + " queue(s), "
                        + program.rules().size() + " rule(s), "
                        + program.warnings().size() + " warning(s)");
        return fine ? ExitCode.OK : ExitCode.CONFIG;
    }
}

package dev.gavel.cli;

import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.Version;
import dev.gavel.config.Schema;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gavel schema}. */
@Command(
        name = "schema",
        description = {
            "Prints the JSON Schema of Gavel's YAML files, for editors.",
            "",
            "An editor that speaks yaml-language-server then completes keys and marks mistakes as you type:",
            "  gavel schema policy > policy.schema.json",
            "and as the first line of a policy:",
            "  # yaml-language-server: $schema=policy.schema.json"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SchemaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "configuration|policy|tests",
            description = "Which file's schema (default: one schema that takes any of the three).")
    private @Nullable Schema schema;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(schema == null ? Schema.any() : schema.text());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}

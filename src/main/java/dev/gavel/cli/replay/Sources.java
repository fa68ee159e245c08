package dev.gavel.cli.replay;

import dev.gavel.assembly.Loaded;
import dev.gavel.config.source.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where a command takes its policies from. */
public final class Sources {
    private static final Path INSTALLED = Path.of("/etc/gavel/gavel.yaml");

    private Sources() {}

    /** The named configuration, or the named policies, or else the installed configuration. */
    public static Loaded load(CommandSpec spec, @Nullable Path config, List<Path> policies) throws ConfigException {
        if (config != null && !policies.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--config names its own policies; give either it or policy files, not both");
        }
        return policies.isEmpty() ? Loaded.load(config == null ? INSTALLED : config) : Loaded.load(policies);
    }
}

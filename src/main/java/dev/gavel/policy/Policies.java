package dev.gavel.policy;

import dev.gavel.config.ConfigException;
import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.Problems;
import java.nio.file.Path;
import java.util.List;

/** Compiles policy files into a program. */
public final class Policies {
    private Policies() {}

    /** Reads {@code gavel.yaml} and its policies and compiles them; for whoever does not need the configuration. */
    public static Program load(Path daemonFile) throws ConfigException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        DaemonConfig config = loader.daemon(daemonFile);
        return compile(config, loader.policies(config), problems);
    }

    /** As {@link #compile(DaemonConfig, List, Problems)}, with files that were read without a problem. */
    public static Program compile(DaemonConfig config, List<PolicyFile> files) throws ConfigException {
        return compile(config, files, new Problems());
    }

    /**
     * Compiles {@code files}, in the order in which they are tried.
     *
     * @param problems what reading the files has found; gets what compiling finds
     * @throws ConfigException with all problems, those of reading too, if one of them is an error
     */
    public static Program compile(DaemonConfig config, List<PolicyFile> files, Problems problems)
            throws ConfigException {
        return new ProgramCompiler(config, files, problems).compile();
    }
}

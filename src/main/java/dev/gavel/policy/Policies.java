package dev.gavel.policy;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.policy.compile.ProgramCompiler;
import dev.gavel.policy.program.Program;
import java.util.List;

/** Compiles policy files into a program. */
public final class Policies {
    private Policies() {}

    /**
     * Compiles {@code files}, in the order in which they are tried.
     *
     * @param problems of reading the files; those of compiling are added
     * @throws ConfigException with all problems, including those of reading, if one of them is an error
     */
    public static Program compile(DaemonConfig config, List<PolicyFile> files, Problems problems)
            throws ConfigException {
        return new ProgramCompiler(config, files, List.of(), problems).compile();
    }

    /**
     * As {@link #compile(DaemonConfig, List, Problems)}, but a rule that is unchanged since {@code before}, which may
     * still be in use, keeps the buckets of its limit.
     */
    public static Program compile(DaemonConfig config, List<PolicyFile> files, Program before, Problems problems)
            throws ConfigException {
        return new ProgramCompiler(config, files, before.limited(), problems).compile();
    }
}

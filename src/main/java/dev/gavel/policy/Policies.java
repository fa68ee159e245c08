package dev.gavel.policy;

import dev.gavel.config.ConfigException;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.Problems;
import java.util.List;

/** Compiles policy files into a program. */
public final class Policies {
    private Policies() {}

    /** As {@link #compile(DaemonConfig, List, Problems)}, with files that were read without a problem. */
    public static Program compile(DaemonConfig config, List<PolicyFile> files) throws ConfigException {
        return compile(config, files, new Problems());
    }

    /**
     * Compiles {@code files}, in the order in which they are tried.
     *
     * @param problems what reading the files has found
     * @throws ConfigException with all problems, those of reading too, if one of them is an error
     */
    public static Program compile(DaemonConfig config, List<PolicyFile> files, Problems problems)
            throws ConfigException {
        problems.throwIfErrors();
        throw new UnsupportedOperationException("not written yet: " + config + files);
    }
}

package dev.gavel.kit;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.policy.Policies;
import dev.gavel.policy.program.Program;
import java.util.ArrayList;
import java.util.List;

/** Programs for tests, compiled from the text of policies: p.yaml, p2.yaml and so on to who reports their mistakes. */
public final class TestPrograms {
    private TestPrograms() {}

    /** With the default configuration. */
    public static Program program(String... policies) throws ConfigException {
        return programWith("", policies);
    }

    /** With {@code daemon} as gavel.yaml. */
    public static Program programWith(String daemon, String... policies) throws ConfigException {
        Problems problems = new Problems();
        DaemonConfig config = new ConfigLoader(problems).daemon("gavel.yaml", daemon);
        return Policies.compile(config, read(problems, policies), problems);
    }

    /** As a reload compiles {@code policy} while {@code before} is in use. */
    public static Program programAfter(Program before, String policy) throws ConfigException {
        Problems problems = new Problems();
        return Policies.compile(DaemonConfig.defaults(), read(problems, policy), before, problems);
    }

    private static List<PolicyFile> read(Problems problems, String... policies) {
        ConfigLoader loader = new ConfigLoader(problems);
        List<PolicyFile> files = new ArrayList<>();
        for (String policy : policies) {
            String number = files.isEmpty() ? "" : String.valueOf(files.size() + 1);
            files.add(loader.policy("p" + number + ".yaml", policy));
        }
        return files;
    }
}

package dev.gavel.assembly;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.Words;
import dev.gavel.engine.Engine;
import dev.gavel.match.Matchers;
import dev.gavel.match.PatternRefusal;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.policy.Policies;
import dev.gavel.policy.program.Program;
import java.nio.file.Path;
import java.util.List;

/** Configuration and policies that were loaded together and hold no error. */
public record Loaded(DaemonConfig config, Program program) {
    /** Loads {@code file} and its policies; all mistakes of all files come in one exception. */
    public static Loaded load(Path file) throws ConfigException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        DaemonConfig config = loader.daemon(file);
        List<PolicyFile> policies = loader.policies(config);
        return new Loaded(config, Policies.compile(config, policies, problems));
    }

    /** Loads these policies, with the defaults of an empty configuration. */
    public static Loaded load(List<Path> policyFiles) throws ConfigException {
        Problems problems = new Problems();
        DaemonConfig config = DaemonConfig.defaults();
        List<PolicyFile> policies = new ConfigLoader(problems).policies(policyFiles);
        return new Loaded(config, Policies.compile(config, policies, problems));
    }

    /** Loads the policies of {@code config} anew; limits that have not changed go on as they are in {@code before}. */
    public static Loaded reload(DaemonConfig config, Program before) throws ConfigException {
        Problems problems = new Problems();
        List<PolicyFile> policies = new ConfigLoader(problems).policies(config);
        return new Loaded(config, Policies.compile(config, policies, before, problems));
    }

    /**
     * The engine that judges with these policies.
     *
     * @throws ConfigException if {@code matchers} refuse a pattern of them
     */
    public Engine engine(int generation, Matchers matchers) throws ConfigException {
        try {
            return new Engine(generation, program, EngineSetup.settings(config), matchers);
        } catch (PatternRefusal e) {
            throw refused(e);
        }
    }

    /** What is told of a pattern that no matcher takes, with its place. */
    ConfigException refused(PatternRefusal refusal) {
        Pattern pattern = refusal.pattern();
        Place known = pattern == null ? null : program.place(pattern);
        Place place = known == null ? config.policiesPlace() : known;
        Problems problems = new Problems();
        if (known != null) {
            new ConfigLoader(problems).policies(List.of(Path.of(known.file()))); // for the line that is shown
        }
        String what = pattern == null ? "the patterns of all rules" : Words.quoted(pattern.toString());
        problems.error(place, "the matcher cannot compile " + what + " (" + refusal.getMessage() + "); expected less");
        return new ConfigException(problems.list(), 0);
    }
}

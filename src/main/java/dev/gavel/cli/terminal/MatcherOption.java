package dev.gavel.cli.terminal;

import dev.gavel.match.Matchers;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --matcher}, of the commands that search patterns. */
public final class MatcherOption {
    private static final System.Logger LOG = System.getLogger(MatcherOption.class.getName());

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--matcher",
            paramLabel = "auto|native|java",
            description =
                    "What searches patterns: auto (the default) is native, the library Hyperscan or Vectorscan, where a"
                            + " sound one can be loaded, else java, which is slower.")
    private Matchers.Choice choice = Matchers.Choice.AUTO;

    /** What the user has asked for. */
    public Matchers matchers() {
        try {
            Matchers matchers = Matchers.of(choice, folder());
            if (matchers.missing() != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "patterns are searched in Java, several times slower: " + matchers.missing());
            }
            return matchers;
        } catch (UnsupportedOperationException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--matcher " + choice.name().toLowerCase(Locale.ROOT) + " cannot be had: " + e.getMessage()
                            + "; --matcher java works everywhere");
        }
    }

    /** The same, with a cache in the first folder that systemd has made for it (systemd.exec(5), CacheDirectory=). */
    public Matchers cachedMatchers() {
        String folders = System.getenv("CACHE_DIRECTORY");
        return folders == null ? matchers() : matchers().withCache(Path.of(folders.split(":", 2)[0]));
    }

    /** Where this installation has its native libraries. */
    static @Nullable Path folder() {
        String folder = System.getProperty("gavel.native");
        return folder == null ? null : Path.of(folder);
    }
}

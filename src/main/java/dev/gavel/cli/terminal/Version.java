package dev.gavel.cli.terminal;

import dev.gavel.match.Matchers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What runs here: the release, the Java virtual machine, the kernel. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Map<String, String> labels = labels();
        Matchers matchers = Matchers.of(Matchers.Choice.AUTO, MatcherOption.folder());
        return new String[] {
            "gavel " + labels.get("version") + " (" + labels.get("revision") + ")",
            "Java " + labels.get("java") + ", Linux " + labels.get("kernel"),
            "matcher: " + matchers.backend() + " " + matchers.version()
        };
    }

    /** The labels of {@code gavel_build_info}. */
    public static Map<String, String> labels() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            if (in == null) {
                throw new IllegalStateException("build.properties is not on the class path");
            }
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("version", build.getProperty("version"));
        labels.put("revision", build.getProperty("revision"));
        labels.put("java", Runtime.version().toString());
        labels.put("kernel", System.getProperty("os.version"));
        return labels;
    }
}

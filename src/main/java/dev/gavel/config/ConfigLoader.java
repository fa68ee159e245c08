package dev.gavel.config;

import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads configuration and policy files into records. Mistakes go to the {@link Problems} it was made with, so that one
 * load tells those of all files; after an error the records hold placeholders, and only {@link Problems#throwIfErrors}
 * says whether they may be used. One thread.
 */
public final class ConfigLoader {
    private final Problems problems;

    public ConfigLoader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads {@code gavel.yaml}; a relative {@code policies} is resolved against its directory.
     *
     * @throws ConfigException if there is no such text, and so nothing that says where the policies are
     */
    public DaemonConfig daemon(Path file) throws ConfigException {
        SourceFile source = SourceFile.read(file, problems);
        if (source == null) {
            problems.throwIfErrors();
        }
        return DaemonReader.read(source, file, problems);
    }

    /** As {@link #daemon(Path)}, from a text; {@code name} is its file in messages. */
    public DaemonConfig daemon(String name, String text) {
        return DaemonReader.read(source(name, text), Path.of(name), problems);
    }

    /** Reads the policies of {@code config}: all {@code *.yaml} of its directory, in byte order of their names. */
    public List<PolicyFile> policies(DaemonConfig config) {
        return directory(config.policies(), config.policiesPlace());
    }

    /** Reads all {@code *.yaml} of {@code directory}, in byte order of their names. */
    public List<PolicyFile> policies(Path directory) {
        return directory(directory, Place.start(directory.toString()));
    }

    private List<PolicyFile> directory(Path directory, Place place) {
        try (Stream<Path> files = Files.list(directory)) {
            return policies(files.filter(file -> file.getFileName().toString().endsWith(".yaml"))
                    .sorted(Comparator.comparing(ConfigLoader::nameBytes, Arrays::compareUnsigned))
                    .toList());
        } catch (IOException e) {
            problems.error(
                    place,
                    "no directory " + Words.quoted(directory.toString()) + " for policies that can be read; expected"
                            + " one: create it, or set policies: to another");
            return List.of();
        }
    }

    private static byte[] nameBytes(Path file) {
        return file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads these policy files, in this order. */
    public List<PolicyFile> policies(List<Path> files) {
        List<PolicyFile> policies = new ArrayList<>();
        for (Path file : files) {
            SourceFile source = SourceFile.read(file, problems);
            if (source != null) {
                policies.add(PolicyReader.read(source, problems));
            }
        }
        return List.copyOf(policies);
    }

    /** Reads one policy from a text; {@code name} is its file in messages. */
    public PolicyFile policy(String name, String text) {
        SourceFile source = source(name, text);
        return PolicyReader.read(source == null ? new SourceFile(name, "policy: x") : source, problems);
    }

    /**
     * Reads a file of policy tests; its paths are resolved against its directory.
     *
     * @throws ConfigException with all problems if one of them is an error
     */
    public PolicyTests tests(Path file) throws ConfigException {
        SourceFile source = SourceFile.read(file, problems);
        if (source == null) {
            problems.throwIfErrors();
            throw new IllegalStateException("no text and no error for " + file);
        }
        PolicyTests tests = PolicyTestsReader.read(source, file, problems);
        problems.throwIfErrors();
        return tests;
    }

    private @Nullable SourceFile source(String name, String text) {
        return SourceFile.decode(name, text.getBytes(StandardCharsets.UTF_8), problems);
    }
}

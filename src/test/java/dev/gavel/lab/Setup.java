package dev.gavel.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a daemon is started with: its files, its environment, its privileges. */
final class Setup {
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** From this version on the JVM can be told to refuse native access that the launcher did not ask for. */
    private static final int DENIES_NATIVE_ACCESS = 24;

    private final Netns netns;
    private final String workers;
    private final List<Integer> queues = new ArrayList<>();
    private final StringBuilder config = new StringBuilder("queues:\n");
    private final Map<String, String> environment = new HashMap<>();
    /** In the sandbox's own /run: every user can read it, and it is gone with the sandbox. */
    private final Path files = Path.of("/run/lab-" + COUNT.incrementAndGet());

    private int metricsPort = 19464;
    private String events = "{types: []}";
    private Path installation = Path.of(System.getProperty("gavel.installation"));
    private Path directory = Path.of("/");
    private List<String> privileges = List.of();

    /** As many workers as the daemon finds right. */
    Setup(Netns netns) {
        this(netns, "auto");
    }

    Setup(Netns netns, int workers) {
        this(netns, String.valueOf(workers));
    }

    private Setup(Netns netns, String workers) {
        this.netns = netns;
        this.workers = workers;
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        if (Runtime.version().feature() >= DENIES_NATIVE_ACCESS) {
            javaOption("--illegal-native-access=deny");
        }
    }

    Setup queue(int number) {
        return queue(number, "");
    }

    /** A queue with more keys of its map, each after a comma: {@code ", gso: false"}. */
    Setup queue(int number, String more) {
        queues.add(number);
        config.append("  - {number: ").append(number).append(more).append("}\n");
        return this;
    }

    /** Writes a policy; a running daemon takes it with SIGHUP. */
    Setup policy(String name, String yaml) {
        write(Path.of("policies.d", name), yaml);
        return this;
    }

    Setup environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Setup javaOption(String option) {
        environment.merge("JDK_JAVA_OPTIONS", option, (before, more) -> before + " " + more);
        return this;
    }

    Setup metricsPort(int port) {
        metricsPort = port;
        return this;
    }

    /** What {@code events:} says; without it there are none. */
    Setup events(String map) {
        events = map;
        return this;
    }

    /** Another place of the installed program than the build's. */
    Setup installation(Path path) {
        installation = path;
        return this;
    }

    /** The working directory. */
    Setup directory(Path path) {
        directory = path;
        return this;
    }

    /** A command that gives privileges up before it starts the daemon. */
    Setup privileges(List<String> command) {
        privileges = command;
        return this;
    }

    /** Adds a line to gavel.yaml. */
    Setup config(String line) {
        config.append(line).append('\n');
        return this;
    }

    /** Starts the daemon and waits until it listens. */
    Daemon start() {
        Daemon daemon = launch();
        daemon.awaitListening();
        return daemon;
    }

    /** Starts the daemon, which may fail. */
    Daemon launch() {
        write(
                Path.of("gavel.yaml"),
                "version: 1\nworkers: %s\nmetrics: {listen: 127.0.0.1:%d}\nevents: %s\npolicies: policies.d\n%s"
                        .formatted(workers, metricsPort, events, config));
        List<String> command = new ArrayList<>(privileges);
        command.addAll(List.of(installation.resolve("bin/gavel").toString(), "run", "-c"));
        command.add(files.resolve("gavel.yaml").toString());
        ProcessBuilder builder = new ProcessBuilder(netns.command(command));
        builder.environment().putAll(environment);
        return new Daemon(builder.directory(directory.toFile()), netns, metricsPort, List.copyOf(queues));
    }

    private void write(Path name, String text) {
        try {
            Files.createDirectories(files.resolve("policies.d"));
            Files.writeString(files.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A {@code gavel demo} with a {@code /tmp} of its own, which is empty at its start. Its process, until it has become
 * the launcher's java, is what the launcher was started by.
 */
final class Demo implements AutoCloseable {
    private static final int EXIT_SECONDS = 60;

    private final Path temporary;
    private final Path output;
    private final Process process;

    /** How a demo is started. */
    static final class Start {
        private final List<String> before = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private Path installation = Path.of("/");
        private String preparation = "";
        private List<String> leader = List.of();

        Start(Path installation) {
            this.installation = installation;
            environment.put("JAVA_HOME", System.getProperty("java.home"));
        }

        /** A command that starts the launcher, with fewer rights than we have. */
        Start by(List<String> command) {
            before.addAll(command);
            return this;
        }

        /** A line of shell that we run first, where mounts are the demo's alone. */
        Start prepared(String shell) {
            preparation = shell + " && ";
            return this;
        }

        /** A process that waits for the launcher, as a script does. */
        Start inShell() {
            leader = List.of("sh", "-c", "\"$@\"; exit $?", "sh");
            return this;
        }

        Start environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Demo start() throws IOException {
            return new Demo(this);
        }
    }

    private Demo(Start start) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/run"), "demo");
        temporary = Files.createDirectory(folder.resolve("tmp"));
        output = folder.resolve("output");
        Shell.run("chmod", "755", folder.toString());
        Shell.run("chmod", "1777", temporary.toString());
        // SIGINT as a terminal has it: who runs the tests in the background may ignore it. setsid: a group of its own.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP", "setsid"));
        command.addAll(List.of("unshare", "--mount", "sh", "-c"));
        command.add("mount --bind " + temporary + " /tmp && " + start.preparation + "exec \"$@\"");
        command.add("sh");
        command.addAll(start.before);
        command.addAll(start.leader);
        command.addAll(List.of(start.installation.resolve("bin/gavel").toString(), "demo"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().putAll(start.environment);
        process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Standard input of what it was started by. */
    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    void awaitOutput(String text) {
        Await.until(() -> {
            assertThat(output()).contains(text);
            assertThat(process.isAlive()).isTrue();
        });
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits for its end; the exit code, or 128 and the number of the signal that has ended it. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    int pid() {
        return (int) process.pid();
    }

    /** What it has left in its {@code /tmp}. */
    List<Path> temporaryFiles() throws IOException {
        try (var files = Files.walk(temporary)) {
            // Empty folders of a JVM are there once for each user and hold nothing.
            return files.filter(file -> !Files.isDirectory(file)).toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

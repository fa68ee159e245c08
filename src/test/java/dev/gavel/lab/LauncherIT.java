package dev.gavel.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher of an installation, and what commands do with the files and pipes that a shell gives them. */
class LauncherIT {
    private static final int FAILED = 1;
    private static final int UNAVAILABLE = 69;
    private static final int BAD_CONFIGURATION = 78;
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final String REPLAYED = "26 packets in 5 flows: accept 21, drop 4, reject 1";

    private static Path installation;
    private static Path launcher;
    private static Path sample;
    private static String replay;

    @TempDir
    private Path folder;

    @BeforeAll
    static void install() throws IOException {
        installation = Sandbox.readOnlyInstallation();
        launcher = installation.resolve("bin/gavel");
        sample = installation.resolve("share/sample.pcap");
        replay = "JAVA_HOME=" + JAVA_HOME + " " + launcher + " replay -p " + installation.resolve("share/demo.yaml");
    }

    private static Shell.Exit shell(String script) {
        return Shell.exit(List.of("sh", "-c", script));
    }

    private static Shell.Exit run(List<String> by, String environment, Object... command) {
        List<String> all = new ArrayList<>(by);
        all.addAll(List.of("env", environment));
        Arrays.stream(command).map(Object::toString).forEach(all::add);
        return Shell.exit(all);
    }

    private static void assertVersion(Shell.Exit exit) {
        assertThat(exit.code()).as(exit.output()).isZero();
        assertThat(exit.output()).startsWith("gavel ").contains("\nJava ");
    }

    @Test
    void replaysForAnOrdinaryUser() {
        Shell.Exit exit = run(
                Sandbox.ordinaryUser(),
                "JAVA_HOME=" + JAVA_HOME,
                launcher,
                "replay",
                "-p",
                installation.resolve("share/demo.yaml"),
                sample);
        assertThat(exit.code()).as(exit.output()).isZero();
        assertThat(exit.output()).contains(REPLAYED);
    }

    @Test
    void readsStandardInput() {
        Shell.Exit exit = shell("cat " + sample + " | " + replay + " -");
        assertThat(exit.code()).as(exit.output()).isZero();
        assertThat(exit.output()).contains(REPLAYED);
    }

    @Test
    void refusesToWriteOntoStandardInput() throws IOException {
        Path capture = Files.copy(sample, folder.resolve("in.pcap"));
        Shell.Exit exit = shell(replay + " --write " + capture + " - < " + capture);
        assertThat(exit.code()).isEqualTo(FAILED);
        assertThat(exit.output()).contains("is the capture itself");
        assertThat(capture).hasSameBinaryContentAs(sample);
    }

    @Test
    void endsQuietlyWhenNobodyReadsOn() throws IOException {
        byte[] once = Files.readAllBytes(sample);
        ByteArrayOutputStream often = new ByteArrayOutputStream();
        often.writeBytes(once);
        for (int i = 0; i < 200; i++) {
            often.write(once, 24, once.length - 24); // without the file header
        }
        Path capture = Files.write(folder.resolve("long.pcap"), often.toByteArray());
        Shell.Exit exit = shell("{ " + replay + " " + capture + "; echo \"exit code $?\" >&2; } | head -n 1");
        assertThat(exit.output().lines().map(String::strip).map(line -> line.replaceAll(" .*", "")))
                .as(exit.output())
                .containsExactlyInAnyOrder("1", "exit");
        assertThat(exit.output()).contains("exit code 1");
    }

    @Test
    void saysThatItsOutputIsLost() {
        String gavel = "JAVA_HOME=" + JAVA_HOME + " " + launcher;
        for (String command : List.of(replay + " " + sample, gavel + " --version", gavel + " check --help")) {
            assertThat(shell(command + " >/dev/full"))
                    .as(command)
                    .isEqualTo(new Shell.Exit(
                            FAILED, "gavel: standard output cannot be written: No space left on device\n"));
        }
    }

    @Test
    void saysThatAFileIsNotForThisUser() throws IOException {
        Path policy = Files.writeString(Path.of("/run/lab-secret.yaml"), "policy: x\n");
        Path capture = Files.copy(sample, Path.of("/run/lab-secret.pcap"));
        for (Path file : List.of(policy, capture)) {
            Shell.run("chmod", "000", file.toString());
        }
        String java = "JAVA_HOME=" + JAVA_HOME;
        assertThat(run(Sandbox.ordinaryUser(), java, launcher, "check", policy))
                .isEqualTo(new Shell.Exit(
                        BAD_CONFIGURATION,
                        policy + ":1:1: permission denied; expected a file that this user may read\n"));
        Path demo = installation.resolve("share/demo.yaml");
        assertThat(run(Sandbox.ordinaryUser(), java, launcher, "replay", "-p", demo, capture))
                .isEqualTo(new Shell.Exit(FAILED, "gavel: " + capture + ": permission denied\n"));
    }

    @Test
    void takesJavaFromThePathWhereJavaHomeHasNone() {
        String path = "PATH=" + JAVA_HOME + "/bin:" + System.getenv("PATH");
        assertVersion(run(List.of("env", path), "JAVA_HOME=/nonexistent", launcher, "--version"));
        assertVersion(run(List.of("env", path), "-u", "JAVA_HOME", launcher, "--version"));
    }

    /** The file that a Java says its version in, and whether the launcher allows it what JDK 24 and 25 warn of. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            JAVA_VERSION="17.0.15", false
            JAVA_VERSION="24",      true
            JAVA_VERSION="25.0.3",  true
            JAVA_VERSION="26",      false
            JAVA_VERSION="250.1",   false
            VERSION="25",           false
            """, quoteCharacter = '\'')
    void allowsUnsafeWhereThatOptionIsKnown(String version, boolean allowed) throws IOException {
        Path java = folder.resolve("a jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        Shell.run("chmod", "+x", java.toString());
        String home = "JAVA_HOME=" + folder.resolve("a jdk");
        assertThat(run(List.of(), home, launcher, "--version").output()).doesNotContain("Unsafe=");
        Files.writeString(folder.resolve("a jdk/release"), "IMPLEMENTOR=\"x\"\n" + version + "\n");
        String options = run(List.of(), home, launcher, "--version").output();
        assertThat(options.contains(" --sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false "))
                .as(options)
                .isEqualTo(allowed);
    }

    @Test
    void saysHowToGetJava() throws IOException {
        Path tools = Sandbox.folder("tools without java");
        for (String tool : List.of("sh", "dirname", "readlink", "uname")) {
            Files.createSymbolicLink(
                    tools.resolve(tool),
                    Path.of(Shell.run("sh", "-c", "command -v " + tool).strip()));
        }
        for (String home : List.of("JAVA_HOME=", "JAVA_HOME=/nonexistent", "GAVEL_JAVA=/nonexistent/java")) {
            Shell.Exit exit = run(List.of(), "-i", "PATH=" + tools, home, launcher, "--version");
            assertThat(exit.code()).as(exit.output()).isEqualTo(UNAVAILABLE);
            assertThat(exit.output())
                    .startsWith("gavel: no Java found")
                    .contains("apt-get install openjdk-17-jre-headless", "or set JAVA_HOME");
        }
    }

    @Test
    void runsFromAPathWithSpacesAndThroughLinks() throws IOException {
        Path copy = folder.resolve("an installation with spaces");
        Shell.run("cp", "-r", installation.toString(), copy.toString());
        Path link = Files.createSymbolicLink(folder.resolve("gavel"), copy.resolve("bin/gavel"));
        Path relative = Files.createSymbolicLink(folder.resolve("gavel2"), Path.of("gavel"));
        for (Path start : List.of(copy.resolve("bin/gavel"), link, relative)) {
            assertVersion(run(List.of(), "JAVA_HOME=" + JAVA_HOME, start, "--version"));
        }
        Shell.Exit byName = shell("cd / && JAVA_HOME=" + JAVA_HOME + " PATH=" + folder + ":$PATH gavel --version");
        assertVersion(byName);
    }

    @Test
    void startsFromItsArchiveOfClassesAndSaysNothingOfOneThatDoesNotFit() throws IOException {
        Path copy = folder.resolve("sharing");
        Shell.run("cp", "-r", installation.toString(), copy.toString());
        String java = "JAVA_HOME=" + JAVA_HOME;
        Path start = copy.resolve("bin/gavel");
        Shell.Exit without = run(List.of(), java, start, "--version");

        assertThat(run(List.of(), java, copy.resolve("libexec/share-classes"))).isEqualTo(new Shell.Exit(0, ""));
        assertThat(run(List.of(), java, start, "--version")).isEqualTo(without);
        List<String> tellingSources = List.of("env", "GAVEL_OPTS=-Xlog:class+load");
        assertThat(run(tellingSources, java, start, "run", "-c", "/nonexistent").output())
                .contains("dev.gavel.cli.RunCommand source: shared objects file");

        Files.writeString(copy.resolve("lib/gavel.jsa"), "of another Java");
        assertThat(run(List.of(), java, start, "--version")).isEqualTo(without);
    }
}

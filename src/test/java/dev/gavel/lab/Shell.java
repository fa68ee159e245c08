package dev.gavel.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs other programs to their end. */
final class Shell {
    private Shell() {}

    /** What a program left behind; {@code output} holds both standard output and standard error. */
    record Exit(int code, String output) {}

    /** Runs a command that must succeed, and returns its output. */
    static String run(String... command) {
        Exit exit = exit(List.of(command));
        if (exit.code() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " failed with exit code " + exit.code() + ": " + exit.output());
        }
        return exit.output();
    }

    static Exit exit(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Exit(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.gavel.cli.demo;

import dev.gavel.cli.terminal.ExitCode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Private namespaces for a command and everything it starts: network, mounts, processes. When the command ends, in
 * whichever way, the kernel takes all of it back; there is nothing to clean up.
 */
final class Sandbox {
    /** In a session of its own: Ctrl-C goes to this process alone, which ends the rest, and not to each of them. */
    private static final List<String> NAMESPACES =
            List.of("setsid", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child");

    private static final List<String> USER = List.of("--user", "--map-root-user");
    private static final String PROC = "--mount-proc";

    /**
     * What has to be true inside before the command starts: a /run of its own, for named namespaces and iptables' lock.
     */
    private static final String SETUP =
            "PATH=$PATH:/usr/sbin:/sbin && mount -t tmpfs tmpfs /run && mkdir -p /run/netns && ip link set lo up && exec \"$@\"";

    /** Which sandbox works here; an empty prefix: none. */
    record Choice(List<String> prefix, String explanation) {}

    static final Choice WITHOUT_TOOLS = none("Without these tools there is no network to show it on", "Install them");

    private static Choice refused(String refusal) {
        return none(
                "No privilege to make network namespaces, and no user namespace to be had (" + refusal + ")",
                "Run it as root of the machine, or allow user namespaces (sysctl user.max_user_namespaces=15000"
                        + " kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0; not every"
                        + " kernel has all three)");
    }

    private static Choice none(String why, String cure) {
        return new Choice(
                List.of(),
                why + ": replaying the bundled capture instead of real packets. " + cure
                        + " to see the kernel's queue at work.");
    }

    private Sandbox() {}

    /** Tries what there is: as root, then in a user namespace, each with a /proc of its own or without. */
    static Choice choose() throws IOException, InterruptedException {
        List<String> asRoot = NAMESPACES;
        List<String> asUser = new ArrayList<>(NAMESPACES);
        asUser.addAll(USER);
        String refusal = "";
        for (List<String> base : List.of(asRoot, asUser)) {
            List<String> withProc = new ArrayList<>(base);
            withProc.add(PROC);
            for (List<String> prefix : List.of(withProc, base)) {
                refusal = refusal(prefix);
                if (refusal.isEmpty()) {
                    String how = base == asRoot ? "as root" : "in an unprivileged user namespace";
                    return new Choice(prefix, "Private namespaces, " + how + ".");
                }
            }
        }
        return refused(refusal);
    }

    /** Why this sandbox does not work; empty if it does. */
    private static String refusal(List<String> prefix) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(prefix, List.of("true")))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        int exitCode = process.waitFor();
        return exitCode == 0 ? "" : said.isEmpty() ? "exit code " + exitCode : said;
    }

    private static List<String> command(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of("sh", "-c", SETUP, "sh"));
        all.addAll(command);
        return all;
    }

    /**
     * Runs {@code command} inside and returns its exit code. Its standard input is a pipe that closes when this process
     * ends in whichever way; the command watches it by {@link #endWithParent}.
     */
    static int run(Choice choice, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(choice.prefix(), command))
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT)
                .start();
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IllegalStateException e) { // interrupted before there was anything to end
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /** Ends this process when the one that has started it by {@link #run} ends. */
    static void endWithParent() {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {}
                    } catch (IOException e) {
                        // the pipe is gone, and so is the parent
                    }
                    Runtime.getRuntime().halt(ExitCode.FAILED);
                },
                "parent");
        watcher.setDaemon(true);
        watcher.start();
    }
}

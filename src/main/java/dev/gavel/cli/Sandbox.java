package dev.gavel.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Private namespaces for a command and everything it starts: network, mounts, processes. When the command ends, in
 * whichever way, the kernel takes all of it back; there is nothing to clean up.
 */
final class Sandbox {
    private static final List<String> NAMESPACES =
            List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child");
    private static final List<String> USER = List.of("--user", "--map-root-user");
    private static final String PROC = "--mount-proc";

    /** What has to be true inside before the command starts: a /run of its own, for named namespaces and iptables' lock. */
    private static final String SETUP =
            "PATH=$PATH:/usr/sbin:/sbin && mount -t tmpfs tmpfs /run && mkdir -p /run/netns && ip link set lo up && exec \"$@\"";

    /** Which sandbox works here; an empty prefix: none. */
    record Choice(List<String> prefix, String explanation) {}

    static final Choice WITHOUT_TOOLS = none("Without these tools there is no network to show it on");
    private static final Choice WITHOUT_PRIVILEGE =
            none("No privilege to make network namespaces, and user namespaces are not to be had here");

    private static Choice none(String why) {
        return new Choice(
                List.of(),
                why + ": replaying the bundled capture instead of real packets. Run it as root to see the kernel's"
                        + " queue at work.");
    }

    private Sandbox() {}

    /** Tries what there is: as root, then in a user namespace, each with a /proc of its own or without. */
    static Choice choose() throws IOException, InterruptedException {
        List<String> asRoot = NAMESPACES;
        List<String> asUser = new ArrayList<>(NAMESPACES);
        asUser.addAll(USER);
        for (List<String> base : List.of(asRoot, asUser)) {
            List<String> withProc = new ArrayList<>(base);
            withProc.add(PROC);
            for (List<String> prefix : List.of(withProc, base)) {
                if (works(prefix)) {
                    String how = base == asRoot ? "as root" : "in an unprivileged user namespace";
                    return new Choice(prefix, "Private namespaces, " + how + ".");
                }
            }
        }
        return WITHOUT_PRIVILEGE;
    }

    private static boolean works(List<String> prefix) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(prefix, List.of("true")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
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
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
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

package dev.gavel.cli.demo;

import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.sys.NetworkNamespace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The demo's two hosts, the cable between them, and the rule that sends the server's packets to queue 0. */
final class DemoNetwork {
    static final String SERVER = "server";
    static final String SERVER_ADDRESS = "10.83.0.2";
    static final int PORT = 8080;

    private static final String CLIENT = "client";

    static final NetworkNamespace CLIENT_HOST = new NetworkNamespace(CLIENT);
    static final NetworkNamespace SERVER_HOST = new NetworkNamespace(SERVER);

    private DemoNetwork() {}

    /** Makes all of it, and prints what it makes. */
    static void lay(PrintStream out) throws Exception {
        run("ip", "netns", "add", CLIENT);
        run("ip", "netns", "add", SERVER);
        run("ip", "link", "add", "veth0", "netns", CLIENT, "type", "veth", "peer", "name", "veth0", "netns", SERVER);
        run("ip", "-n", CLIENT, "address", "add", "10.83.0.1/24", "dev", "veth0");
        run("ip", "-n", SERVER, "address", "add", SERVER_ADDRESS + "/24", "dev", "veth0");
        for (String name : List.of(CLIENT, SERVER)) {
            run("ip", "-n", name, "link", "set", "lo", "up");
            run("ip", "-n", name, "link", "set", "veth0", "up");
        }
        out.printf("%n  network   client 10.83.0.1 --- veth --- server %s:%d%n", SERVER_ADDRESS, PORT);
        List<String> rule = List.of(
                "-A",
                "INPUT",
                "-p",
                "tcp",
                "--dport",
                Integer.toString(PORT),
                "-m",
                "mark",
                "!",
                "--mark",
                "0x800000/0x800000",
                "-j",
                "NFQUEUE",
                "--queue-num",
                "0");
        String iptables = addRule(rule);
        out.printf("  rule      %s %s%n", iptables, String.join(" ", rule));
    }

    /** With iptables-legacy where it is, since some kernels have no queue for the nft variant. */
    private static String addRule(List<String> rule) throws Exception {
        String refusal = "";
        for (String variant : List.of("iptables-legacy", "iptables")) {
            try {
                List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", SERVER, variant));
                command.addAll(rule);
                run(command.toArray(String[]::new));
                return variant;
            } catch (CommandFailure e) {
                refusal = e.getMessage();
            }
        }
        throw new CommandFailure(
                refusal
                        + "\nThis kernel has no queue for iptables: it needs the modules xt_NFQUEUE and nfnetlink_queue."
                        + " Without it: gavel replay shows what policies do to a capture.",
                ExitCode.UNAVAILABLE);
    }

    private static void run(String... command) throws IOException, InterruptedException, CommandFailure {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new CommandFailure(String.join(" ", command) + ": " + output.trim(), ExitCode.UNAVAILABLE);
        }
    }
}

package dev.gavel.cli.demo;

import dev.gavel.cli.replay.ReplayCommand;
import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gavel demo}. */
@Command(
        name = "demo",
        description = {
            "Shows the main job in a minute: passes one request, drops another, resets a third.",
            "",
            "Makes a client and a server in private network namespaces, an NFQUEUE rule before the server, and the"
                    + " daemon behind it. Nothing outside is touched, and nothing is left behind. Without privilege it"
                    + " tries a user namespace, then replays a capture instead.",
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--inside", hidden = true, description = "Already in namespaces that may be changed.")
    private boolean inside;

    @Override
    public Integer call() throws Exception {
        Path home = home();
        if (inside) {
            return new DemoLab(home, System.out).show() ? ExitCode.OK : ExitCode.FAILED;
        }
        if (home.startsWith("/run")) {
            throw new CommandFailure("the demo puts a /run of its own over the one that holds " + home
                    + ": copy that folder to another place, and run bin/gavel demo there");
        }
        Sandbox.Choice choice = haveTools(home) ? Sandbox.choose() : Sandbox.WITHOUT_TOOLS;
        System.out.println(choice.explanation());
        if (!choice.prefix().isEmpty()) {
            return Sandbox.run(choice, List.of(home.resolve("bin/gavel").toString(), "demo", "--inside"));
        }
        return replay(home);
    }

    /** Installs what is missing where root may, else says how to: on standard error. */
    private static boolean haveTools(Path home) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        home.resolve("libexec/need-tools").toString(), "ip", "iptables", "setsid", "unshare", "mount")
                .inheritIO()
                .start();
        return process.waitFor() == 0;
    }

    private Integer replay(Path home) throws IOException {
        Path share = home.resolve("share");
        String[] words = {
            "replay",
            "-p",
            share.resolve("demo.yaml").toString(),
            share.resolve("sample.pcap").toString()
        };
        CommandLine gavel = spec.root().commandLine();
        if (!gavel.getSubcommands().containsKey(words[0])) { // it may know of the demo only
            gavel.addSubcommand(words[0], ReplayCommand.class);
        }
        return gavel.execute(words);
    }

    private static Path home() throws CommandFailure {
        String home = System.getProperty("gavel.home");
        if (home == null) {
            throw new CommandFailure("demo needs its installation: start it by the gavel launcher");
        }
        return Path.of(home);
    }
}

package dev.gavel.cli;

import dev.gavel.assembly.Loaded;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.MatcherOption;
import dev.gavel.cli.terminal.Version;
import dev.gavel.daemon.Daemon;
import dev.gavel.daemon.Signals;
import dev.gavel.match.Matchers;
import dev.gavel.sys.ServiceManager;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gavel run}. */
@Command(
        name = "run",
        description = {
            "Runs the daemon in the foreground until SIGTERM or SIGINT.",
            "",
            "Binds the configured queues and judges what iptables or nftables rules send there:",
            "  iptables -A INPUT -p tcp --dport 80 -j NFQUEUE --queue-num 0 --queue-bypass",
            "SIGHUP reloads the policies; if they hold an error the old ones stay. Needs CAP_NET_ADMIN and CAP_NET_RAW."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration (default: ${DEFAULT-VALUE}).")
    private Path config = Path.of("/etc/gavel/gavel.yaml");

    @Mixin
    private final MatcherOption matcher = new MatcherOption();

    @Override
    public Integer call() throws Exception {
        try (ServiceManager manager = new ServiceManager(System.getenv())) {
            Signals signals = new Signals();
            // Native libraries take a cold JVM as long as a small policy does: both at once.
            CompletableFuture<Matchers> matchers = CompletableFuture.supplyAsync(matcher::cachedMatchers);
            Loaded loaded;
            try {
                loaded = Loaded.load(config);
            } finally { // nothing goes on after a configuration is refused
                matchers.handle((done, failure) -> true).join();
            }
            Daemon daemon = Daemon.start(loaded, await(matchers), manager, Version.labels());
            return daemon.run(signals) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}

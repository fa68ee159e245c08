package dev.gavel.cli.replay;

import dev.gavel.assembly.Loaded;
import dev.gavel.capture.CaptureException;
import dev.gavel.capture.CaptureSource;
import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.Version;
import dev.gavel.engine.Engine;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gavel explain}. */
@Command(
        name = "explain",
        description = {
            "Tells why a packet of a capture got its verdict: every rule on its way, what it asked and what it saw.",
            "",
            "  gavel explain -p examples/demo.yaml examples/sample.pcap --packet 17",
            "The packets in front are judged first, as 'gavel replay' does."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ExplainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final CaptureOptions options = new CaptureOptions();

    @Option(names = "--packet", paramLabel = "N", required = true, description = "The packet's number, from 1.")
    private int number;

    @Option(names = "--format", paramLabel = "text|json", description = "Output format (default: text).")
    private ReplayCommand.Format format = ReplayCommand.Format.TEXT;

    @Override
    public Integer call() throws Exception {
        if (number < 1) {
            throw new ParameterException(spec.commandLine(), "--packet " + number + "; expected a number from 1");
        }
        Loaded loaded = options.load();
        PrintWriter out = spec.commandLine().getOut();
        Explained explained = new Explained(
                number,
                format == ReplayCommand.Format.JSON ? new JsonReport(out)::explain : new TextReport(out)::explain);
        try (Engine engine = loaded.engine(1, options.matchers());
                CaptureSource source = options.open();
                Replay replay = new Replay(engine, source, explained, null)) {
            replay.run();
            out.flush();
            if (explained.packets < number) {
                throw new CommandFailure(
                        options.capture() + " has " + explained.packets + " packets, and no packet " + number);
            }
            return ExitCode.OK;
        } catch (CaptureException e) { // it names the file
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw CaptureOptions.failure(options.capture(), e.getCause());
        }
    }

    /** Explains one packet of a capture. */
    private static final class Explained implements Report {
        private final int number;
        private final Consumer<ReplayedPacket> explain;
        private int packets;

        Explained(int number, Consumer<ReplayedPacket> explain) {
            this.number = number;
            this.explain = explain;
        }

        @Override
        public void packet(ReplayedPacket judged) {
            if (++packets == number) {
                explain.accept(judged);
            }
        }

        @Override
        public void summary(Totals totals) {}
    }
}

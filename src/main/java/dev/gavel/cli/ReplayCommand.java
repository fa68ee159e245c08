package dev.gavel.cli;

import dev.gavel.capture.CaptureContext;
import dev.gavel.capture.CaptureException;
import dev.gavel.capture.CaptureSource;
import dev.gavel.daemon.Settings;
import dev.gavel.queue.Hook;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gavel replay}. */
@Command(
        name = "replay",
        description = {
            "Judges the packets of a capture with the daemon's own engine; needs no privilege.",
            "",
            "Reads pcap and pcapng. Prints a verdict and its reason for each packet, then totals:",
            "  gavel replay -p examples/demo.yaml examples/sample.pcap",
            "Verdicts never change the exit code; a capture that ends in the middle of a packet does (1)."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ReplayCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    enum Format {
        TEXT,
        JSON
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration (default: /etc/gavel/gavel.yaml if no policy is named).")
    private @Nullable Path config;

    @Option(
            names = {"-p", "--policy"},
            paramLabel = "POLICY",
            arity = "1",
            description = "A policy file instead of a configuration; may be given several times.")
    private List<Path> policies = List.of();

    @Option(names = "--format", paramLabel = "text|json", description = "Output format (default: text).")
    private Format format = Format.TEXT;

    @Option(names = "--write", paramLabel = "OUT.pcap", description = "Keeps the packets that pass, unchanged.")
    private @Nullable Path write;

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "The queue the packets came by (default: none, and the policies of every queue hold).")
    private int queue = CaptureContext.NO_QUEUE;

    @Option(
            names = "--hook",
            paramLabel = "HOOK",
            description = "The hook the packets came by: ${COMPLETION-CANDIDATES}.")
    private @Nullable Hook hook;

    @Option(
            names = "--mark",
            paramLabel = "MARK",
            description = "The mark the packets carry, such as 0x2 (default: 0).")
    private String mark = "0";

    @Parameters(paramLabel = "CAPTURE", description = "The capture file; - is standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String capture;

    @Override
    public Integer call() throws Exception {
        Settings.Loaded loaded = Sources.load(spec, config, policies);
        PrintWriter out = spec.commandLine().getOut();
        Report report = format == Format.JSON ? new JsonReport(out) : new TextReport(out);
        try (CaptureSource source = open();
                Replay replay = new Replay(loaded.engine(1), source, report, write)) {
            replay.run();
            out.flush();
            if (source.isTruncated()) {
                spec.commandLine()
                        .getErr()
                        .println("gavel: warning: " + capture
                                + " ends in the middle of a packet; what is whole was judged");
                return ExitCode.FAILED;
            }
            return ExitCode.OK;
        } catch (CaptureException | IOException e) {
            out.flush();
            throw new CommandFailure(capture + ": " + e.getMessage());
        }
    }

    private CaptureSource open() throws IOException {
        if (queue < CaptureContext.NO_QUEUE || queue > 0xffff) {
            throw new ParameterException(spec.commandLine(), "--queue " + queue + "; expected 0 to 65535");
        }
        CaptureContext context = new CaptureContext(queue, hook, parsedMark());
        return capture.equals(STANDARD_INPUT)
                ? CaptureSource.read(System.in, "standard input", context)
                : CaptureSource.open(Path.of(capture), context);
    }

    private int parsedMark() {
        try {
            long value = Long.decode(mark);
            if (value >= 0 && value <= 0xffff_ffffL) {
                return (int) value;
            }
        } catch (NumberFormatException e) {
            // the message below says it all
        }
        throw new ParameterException(
                spec.commandLine(), "--mark " + mark + "; expected a number of 32 bits, such as 0x2");
    }
}

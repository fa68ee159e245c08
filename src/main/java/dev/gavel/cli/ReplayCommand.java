package dev.gavel.cli;

import dev.gavel.capture.CaptureContext;
import dev.gavel.capture.CaptureException;
import dev.gavel.capture.CaptureSource;
import dev.gavel.daemon.Settings;
import dev.gavel.engine.Engine;
import dev.gavel.queue.Hook;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    private @Nullable Integer queue;

    @Option(
            names = "--hook",
            paramLabel = "HOOK",
            description = "The hook the packets came by: prerouting, input, forward, output or postrouting.")
    private @Nullable Hook hook;

    @Option(
            names = "--mark",
            paramLabel = "MARK",
            description = "The mark the packets carry, such as 0x2 (default: 0).")
    private String mark = "0";

    @Option(
            names = "--in-iface",
            paramLabel = "DEVICE",
            description = "The device the packets came in by (default: as a pcapng capture says).")
    private @Nullable String inDevice;

    @Mixin
    private final MatcherOption matcher = new MatcherOption();

    @Parameters(paramLabel = "CAPTURE", description = "The capture file; - is standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String capture;

    @Override
    public Integer call() throws Exception {
        Settings.Loaded loaded = Sources.load(spec, config, policies);
        PrintWriter out = spec.commandLine().getOut();
        Report report = format == Format.JSON ? new JsonReport(out) : new TextReport(out);
        try (Engine engine = loaded.engine(1, matcher.matchers());
                CaptureSource source = open(context());
                Replay replay = new Replay(engine, source, report, writeTo())) {
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
        } catch (StandardOutput.Failure e) {
            throw e;
        } catch (CaptureException e) { // it names the file
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw failure(capture, e.getCause());
        } catch (IOException e) {
            throw failure(String.valueOf(write), e);
        }
    }

    private CaptureContext context() {
        int number = queue == null ? CaptureContext.NO_QUEUE : queue;
        if (queue != null && (number < 0 || number > 0xffff)) {
            throw new ParameterException(spec.commandLine(), "--queue " + queue + "; expected 0 to 65535");
        }
        return new CaptureContext(number, hook, parsedMark(), inDevice);
    }

    private CaptureSource open(CaptureContext context) throws CommandFailure {
        try {
            return capture.equals(STANDARD_INPUT)
                    ? CaptureSource.read(System.in, "standard input", context)
                    : CaptureSource.open(Path.of(capture), context);
        } catch (IOException e) {
            throw failure(capture, e);
        }
    }

    private static CommandFailure failure(String file, @Nullable Throwable e) {
        String why = e instanceof NoSuchFileException
                ? "no such file or directory"
                : e instanceof AccessDeniedException
                        ? "permission denied"
                        : e instanceof FileSystemException system
                                ? system.getReason()
                                : e == null ? null : e.getMessage();
        return new CommandFailure(file + ": " + why);
    }

    /** Where the packets that pass go, emptied; null if nowhere. Never the capture itself, which is still to be read. */
    private @Nullable OutputStream writeTo() throws IOException, CommandFailure {
        if (write == null) {
            return null;
        }
        Path read = Path.of(capture.equals(STANDARD_INPUT) ? "/dev/stdin" : capture);
        if (Files.exists(write) && Files.exists(read) && Files.isSameFile(write, read)) {
            throw new CommandFailure("--write " + write + " is the capture itself; name another file");
        }
        return Files.newOutputStream(write);
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

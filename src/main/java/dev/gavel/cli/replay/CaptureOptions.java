package dev.gavel.cli.replay;

import dev.gavel.assembly.Loaded;
import dev.gavel.capture.CaptureContext;
import dev.gavel.capture.CaptureSource;
import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.MatcherOption;
import dev.gavel.config.source.ConfigException;
import dev.gavel.match.Matchers;
import dev.gavel.queue.Hook;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of commands that judge a capture: what to judge with, the capture, and what it does not hold. */
final class CaptureOptions {
    private static final String STANDARD_INPUT = "-";

    @Spec(Spec.Target.MIXEE)
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

    /** What to judge with. */
    Loaded load() throws ConfigException {
        return Sources.load(spec, config, policies);
    }

    Matchers matchers() {
        return matcher.matchers();
    }

    /** As it was named. */
    String capture() {
        return capture;
    }

    boolean isStandardInput() {
        return capture.equals(STANDARD_INPUT);
    }

    private CaptureContext context() {
        int number = queue == null ? CaptureContext.NO_QUEUE : queue;
        if (queue != null && (number < 0 || number > 0xffff)) {
            throw new ParameterException(spec.commandLine(), "--queue " + queue + "; expected 0 to 65535");
        }
        return new CaptureContext(number, hook, parsedMark(), inDevice);
    }

    /** Opens the capture. */
    CaptureSource open() throws CommandFailure {
        CaptureContext context = context();
        try {
            return isStandardInput()
                    ? CaptureSource.read(System.in, "standard input", context)
                    : CaptureSource.open(Path.of(capture), context);
        } catch (IOException e) {
            throw failure(capture, e);
        }
    }

    /** What is said of a file that cannot be read or written. */
    static CommandFailure failure(String file, @Nullable Throwable e) {
        String why = e instanceof NoSuchFileException
                ? "no such file or directory"
                : e instanceof AccessDeniedException
                        ? "permission denied"
                        : e instanceof FileSystemException system
                                ? system.getReason()
                                : e == null ? null : e.getMessage();
        return new CommandFailure(file + ": " + why);
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

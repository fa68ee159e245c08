package dev.gavel.cli.replay;

import dev.gavel.assembly.Loaded;
import dev.gavel.capture.CaptureException;
import dev.gavel.capture.CaptureSource;
import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.StandardOutput;
import dev.gavel.cli.terminal.Version;
import dev.gavel.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
public final class ReplayCommand implements Callable<Integer> {
    enum Format {
        TEXT,
        JSON
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final CaptureOptions options = new CaptureOptions();

    @Option(names = "--format", paramLabel = "text|json", description = "Output format (default: text).")
    private Format format = Format.TEXT;

    @Option(names = "--write", paramLabel = "OUT.pcap", description = "Keeps the packets that pass, unchanged.")
    private @Nullable Path write;

    @Override
    public Integer call() throws Exception {
        Loaded loaded = options.load();
        PrintWriter out = spec.commandLine().getOut();
        Report report = format == Format.JSON ? new JsonReport(out) : new TextReport(out);
        try (Engine engine = loaded.engine(1, options.matchers());
                CaptureSource source = options.open();
                Replay replay = new Replay(engine, source, report, writeTo())) {
            replay.run();
            out.flush();
            if (source.isTruncated()) {
                spec.commandLine()
                        .getErr()
                        .println("gavel: warning: " + options.capture()
                                + " ends in the middle of a packet; what is whole was judged");
                return ExitCode.FAILED;
            }
            return ExitCode.OK;
        } catch (StandardOutput.Failure e) {
            throw e;
        } catch (CaptureException e) { // it names the file
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw CaptureOptions.failure(options.capture(), e.getCause());
        } catch (IOException e) {
            throw CaptureOptions.failure(String.valueOf(write), e);
        }
    }

    /**
     * Where the packets that pass go, emptied; null if nowhere. Never the capture itself, which is still to be read.
     */
    private @Nullable OutputStream writeTo() throws IOException, CommandFailure {
        if (write == null) {
            return null;
        }
        Path read = Path.of(options.isStandardInput() ? "/dev/stdin" : options.capture());
        if (Files.exists(write) && Files.exists(read) && Files.isSameFile(write, read)) {
            throw new CommandFailure("--write " + write + " is the capture itself; name another file");
        }
        return Files.newOutputStream(write);
    }
}

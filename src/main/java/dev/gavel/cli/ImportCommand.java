package dev.gavel.cli;

import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.Version;
import dev.gavel.config.source.Words;
import dev.gavel.imports.IpVersion;
import dev.gavel.imports.IptablesImport;
import dev.gavel.imports.TooLarge;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gavel import}. */
@Command(
        name = "import",
        description = {
            "Turns the rules of another program into a policy.",
            "",
            "Takes the output of iptables-save or ip6tables-save, and beside it that of ipset save:",
            "  iptables-save | gavel import iptables - --output imported.yaml",
            "  gavel import iptables rules.v4 --ipset sets.txt --table filter --chain INPUT",
            "What the policy does not do as the rules did is listed with its line and why, on standard error and in the"
                    + " policy. Exit code 0: it does all the same; 1: something is listed."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ImportCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final int MAX_BYTES = 64 << 20;

    enum Format {
        IPTABLES,
        SURICATA
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--ipset", paramLabel = "SETS", description = "Output of ipset save, for rules that match sets.")
    private @Nullable String ipset;

    @Option(
            names = "--ipv6",
            description = "The rules are those of ip6tables, even if their first line does not say so.")
    private boolean ipv6;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            arity = "1",
            description = "Only this table: raw, mangle, filter or security; may be given several times.")
    private Set<String> tables = Set.of();

    @Option(
            names = "--chain",
            paramLabel = "CHAIN",
            arity = "1",
            description = "Only this built-in chain, such as INPUT; may be given several times.")
    private Set<String> chains = Set.of();

    @Option(names = "--output", paramLabel = "POLICY", description = "The policy file (default: standard output).")
    private @Nullable Path output;

    @Parameters(index = "0", paramLabel = "iptables|suricata", description = "Whose rules; suricata is not there yet.")
    private Format format = Format.IPTABLES;

    @Parameters(index = "1", paramLabel = "FILE", description = "The rules; - is standard input.")
    private String file = STANDARD_INPUT;

    @Override
    public Integer call() throws Exception {
        if (format == Format.SURICATA) {
            throw new ParameterException(spec.commandLine(), "rules of Suricata cannot be imported yet");
        }
        check("--table", tables, IptablesImport.TABLES);
        check("--chain", chains, IptablesImport.CHAINS);
        IptablesImport imported = translate();
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(imported.policy());
            out.flush();
        } else {
            write(output, imported.policy());
        }
        PrintWriter err = spec.commandLine().getErr();
        List<String> notes = imported.notes();
        notes.forEach(err::println);
        return notes.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void check(String option, Set<String> given, List<String> known) {
        for (String name : given) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " " + name + "; expected " + Words.either(known) + Words.didYouMean(name, known));
            }
        }
    }

    private IptablesImport translate() throws CommandFailure {
        String source = file.equals(STANDARD_INPUT) ? "standard input" : file;
        IpVersion version = ipv6 ? IpVersion.V6 : IpVersion.V4;
        try {
            return IptablesImport.of(
                    source,
                    read(file),
                    ipset == null ? new byte[0] : read(ipset),
                    new IptablesImport.Wanted(version, tables, chains));
        } catch (TooLarge e) {
            throw new CommandFailure(source + ": " + e.getMessage());
        }
    }

    private static byte[] read(String name) throws CommandFailure {
        try (InputStream in = name.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(name))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CommandFailure(name + ": more than " + (MAX_BYTES >> 20) + " MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    private static void write(Path name, String policy) throws CommandFailure {
        try {
            Files.writeString(name, policy, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failure(name.toString(), e);
        }
    }

    private static CommandFailure failure(String name, IOException e) {
        String why = e instanceof NoSuchFileException ? "no such file or directory" : String.valueOf(e.getMessage());
        return new CommandFailure(name + ": " + why);
    }
}

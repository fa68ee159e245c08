package dev.gavel.cli;

import dev.gavel.cli.demo.DemoCommand;
import dev.gavel.cli.replay.ExplainCommand;
import dev.gavel.cli.replay.ReplayCommand;
import dev.gavel.cli.replay.TestCommand;
import dev.gavel.cli.terminal.CommandFailure;
import dev.gavel.cli.terminal.ExitCode;
import dev.gavel.cli.terminal.Log;
import dev.gavel.cli.terminal.ProblemPrinter;
import dev.gavel.cli.terminal.StandardOutput;
import dev.gavel.cli.terminal.Version;
import dev.gavel.config.source.ConfigException;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.sys.SyscallException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code gavel} command. */
@Command(
        name = "gavel",
        description = {
            "Verdicts for Linux packets, from policies in YAML.",
            "",
            "Gavel sits behind iptables or nftables NFQUEUE rules, judges each packet by your policies, and tells the"
                    + " kernel to accept, drop or reject it.",
            "",
            "Start with 'gavel demo'. Write a policy, test it with 'gavel check' and 'gavel replay', and run it with"
                    + " 'gavel run'."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Exit codes: 0 fine, 1 failed while running, 2 wrong usage, 69 kernel feature or queue not available,"
                    + " 77 missing privilege, 78 invalid configuration or policy."
        })
public final class Gavel implements Runnable {
    /** Commands whose memory goes into policies. */
    private static final Set<String> LOADING = Set.of("check", "replay", "test", "explain");

    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static { // in the order of the help
        COMMANDS.put("demo", DemoCommand.class);
        COMMANDS.put("run", RunCommand.class);
        COMMANDS.put("check", CheckCommand.class);
        COMMANDS.put("replay", ReplayCommand.class);
        COMMANDS.put("test", TestCommand.class);
        COMMANDS.put("explain", ExplainCommand.class);
        COMMANDS.put("import", ImportCommand.class);
        COMMANDS.put("schema", SchemaCommand.class);
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Colors in help texts and of errors (default: auto; NO_COLOR is honoured).")
    void color(String when) {
        CommandLine.Help.Ansi ansi =
                switch (when) {
                    case "auto" -> CommandLine.Help.Ansi.AUTO;
                    case "always" -> CommandLine.Help.Ansi.ON;
                    case "never" -> CommandLine.Help.Ansi.OFF;
                    default ->
                        throw new CommandLine.ParameterException(
                                spec.commandLine(), "unknown --color \"" + when + "\"; expected auto, always or never");
                };
        spec.root().commandLine().setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
    }

    /** Runs the command that {@code arguments} name, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Log.toStandardError();
        PrintWriter out = new PrintWriter(new OutputStreamWriter(new StandardOutput(), Charset.defaultCharset()), true);
        try {
            System.exit(commandLine(arguments).setOut(out).execute(arguments));
        } catch (Error e) { // without an exit the web server's thread would keep a process that hears no signal
            e.printStackTrace();
            System.exit(ExitCode.FAILED);
        }
    }

    /**
     * What reads {@code arguments}. Where they begin with a command it knows no other: telling picocli of all of them
     * would be a third of the time that a daemon takes to start.
     */
    static CommandLine commandLine(String... arguments) {
        CommandLine all = new CommandLine(new Gavel());
        Class<?> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        if (named == null) {
            COMMANDS.forEach(all::addSubcommand);
            all.addSubcommand(CommandLine.HelpCommand.class);
        } else {
            all.addSubcommand(arguments[0], named);
        }
        return all.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Gavel::execute)
                .setParameterExceptionHandler((e, words) -> wrongUsage(e))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> failure(e, commandLine));
    }

    /** Policies that do not fit are the operator's to mend where nothing but them is large; a daemon's end is not. */
    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            CommandLine.ParseResult command = parsed.subcommand();
            if (command == null || !LOADING.contains(command.commandSpec().name())) {
                throw e;
            }
            CommandLine commandLine = command.commandSpec().commandLine();
            commandLine
                    .getErr()
                    .println("gavel: not enough Java heap for these policies (" + e.getMessage()
                            + "); expected smaller ones, or a larger heap: -Xmx via GAVEL_OPTS");
            return ExitCode.CONFIG;
        } catch (
                StandardOutput.Failure
                        e) { // of help and versions: picocli writes them itself, and hands over no failure
            throw new CommandLine.ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
        }
    }

    /** A message of a few lines; the commands too where none, or none of them, was given. */
    private static int wrongUsage(CommandLine.ParameterException e) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println("gavel: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        if (commandLine.getParent() == null) {
            commandLine.usage(err);
        } else {
            err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    /** Where each kind of trouble ends: a message with the cure, and its exit code. */
    private static int failure(Exception e, CommandLine commandLine) throws Exception {
        if (e instanceof ConfigException refused) {
            new ProblemPrinter(commandLine).print(refused);
            return ExitCode.CONFIG;
        }
        if (e instanceof QueueBindException bind) {
            commandLine.getErr().println("gavel: " + e.getMessage());
            return bind.reason() == QueueBindException.Cause.NO_PRIVILEGE
                    ? ExitCode.NO_PRIVILEGE
                    : ExitCode.UNAVAILABLE;
        }
        if (e instanceof SyscallException call && call.isPermission()) {
            commandLine
                    .getErr()
                    .println("gavel: " + e.getMessage()
                            + ": run as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW");
            return ExitCode.NO_PRIVILEGE;
        }
        if (e instanceof CommandFailure failure) {
            commandLine.getErr().println("gavel: " + e.getMessage());
            return failure.exitCode();
        }
        if (e instanceof SyscallException) {
            commandLine.getErr().println("gavel: " + e.getMessage());
            return ExitCode.FAILED;
        }
        if (e instanceof StandardOutput.Failure failure) {
            if (!failure.readerHasGone()) {
                commandLine.getErr().println("gavel: " + e.getMessage());
            }
            return ExitCode.FAILED;
        }
        throw e;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}

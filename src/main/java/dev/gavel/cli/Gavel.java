package dev.gavel.cli;

import dev.gavel.config.ConfigException;
import dev.gavel.nfqueue.QueueBindException;
import dev.gavel.sys.SyscallException;
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
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ReplayCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Exit codes: 0 fine, 1 failed while running, 2 wrong usage, 69 kernel feature or queue not available,"
                    + " 77 missing privilege, 78 invalid configuration or policy."
        })
public final class Gavel implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Colors in help texts (default: auto; NO_COLOR is honoured).")
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
        try {
            System.exit(execute(arguments));
        } catch (Error e) { // without an exit the web server's thread would keep a process that hears no signal
            e.printStackTrace();
            System.exit(ExitCode.FAILED);
        }
    }

    static int execute(String... arguments) {
        return new CommandLine(new Gavel())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> failure(e, commandLine))
                .execute(arguments);
    }

    /** Where each kind of trouble ends: a message with the cure, and its exit code. */
    private static int failure(Exception e, CommandLine commandLine) throws Exception {
        if (e instanceof ConfigException) {
            commandLine.getErr().println(e.getMessage());
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
        if (e instanceof CommandFailure || e instanceof SyscallException) {
            commandLine.getErr().println("gavel: " + e.getMessage());
            return ExitCode.FAILED;
        }
        throw e;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}

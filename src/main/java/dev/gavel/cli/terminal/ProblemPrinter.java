package dev.gavel.cli.terminal;

import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Excerpt;
import dev.gavel.config.source.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/** Prints what is wrong with configuration and policies on standard error, in colors where it is a terminal. */
public final class ProblemPrinter {
    private final PrintWriter err;
    private final ColorScheme colors;

    public ProblemPrinter(CommandLine commandLine) {
        err = commandLine.getErr();
        Ansi wanted = commandLine.getColorScheme().ansi();
        colors = CommandLine.Help.defaultColorScheme(wanted == Ansi.AUTO && !isTerminal() ? Ansi.OFF : wanted);
    }

    /** Picocli's own {@code auto} asks about standard output. */
    private static boolean isTerminal() {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    public void print(ConfigException refused) {
        print(refused.problems());
        if (!refused.rest().isEmpty()) {
            err.println(refused.rest());
        }
    }

    public void print(List<Problem> problems) {
        problems.forEach(this::print);
    }

    private void print(Problem problem) {
        String place = problem.place() + ":";
        boolean warning = problem.severity() == Problem.Severity.WARNING;
        String kind = warning ? " warning:" : "";
        err.println(styled(place, Style.bold)
                + styled(kind, Style.fg_yellow)
                + problem.headline().substring(place.length() + kind.length()));
        Excerpt excerpt = problem.excerpt();
        if (excerpt != null) {
            err.println(excerpt.line());
            err.println(" ".repeat(excerpt.caret()) + styled("^", warning ? Style.fg_yellow : Style.fg_red));
        }
    }

    private String styled(String text, Style style) {
        return text.isEmpty() ? "" : colors.apply(text, List.of(style)).toString();
    }
}

package dev.gavel.cli.terminal;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The log: lines on standard error, with systemd's level prefix where the journal reads them (sd-daemon(3)). */
public final class Log extends Handler {
    private final PrintStream err;
    private final boolean journal;

    private Log(PrintStream err, boolean journal) {
        this.err = err;
        this.journal = journal;
    }

    /** Sends everything that is logged from {@code INFO} on to standard error. */
    public static void toStandardError() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.INFO);
        root.addHandler(new Log(System.err, System.getenv("JOURNAL_STREAM") != null));
    }

    @Override
    public void publish(LogRecord entry) {
        StringBuilder text = new StringBuilder(String.valueOf(entry.getMessage()));
        append(text, entry.getThrown());
        String prefix = prefix(entry.getLevel().intValue());
        String lines = text.toString().lines().map(line -> prefix + line + "\n").reduce("", String::concat);
        err.print(lines);
        err.flush();
    }

    private String prefix(int level) {
        if (journal) {
            return level >= Level.SEVERE.intValue() ? "<3>" : level >= Level.WARNING.intValue() ? "<4>" : "<6>";
        }
        return level >= Level.SEVERE.intValue() ? "error: " : level >= Level.WARNING.intValue() ? "warning: " : "";
    }

    private static void append(StringBuilder text, @Nullable Throwable thrown) {
        if (thrown == null) {
            return;
        }
        text.append('\n').append(thrown);
        for (StackTraceElement element : thrown.getStackTrace()) {
            text.append("\n    at ").append(element);
        }
        append(text, thrown.getCause());
    }

    @Override
    public void flush() {
        err.flush();
    }

    @Override
    public void close() {}
}

package dev.gavel.cli.terminal;

/** What the process ends with; the numbers above 2 are those of sysexits.h. */
public final class ExitCode {
    public static final int OK = 0;
    /** Failed while running, or a test failed. */
    public static final int FAILED = 1;
    /** Wrong usage of the command line. */
    public static final int USAGE = 2;
    /** A kernel feature or a queue is not available. */
    public static final int UNAVAILABLE = 69;
    /** A privilege is missing. */
    public static final int NO_PRIVILEGE = 77;
    /** Invalid configuration or policy. */
    public static final int CONFIG = 78;

    private ExitCode() {}
}

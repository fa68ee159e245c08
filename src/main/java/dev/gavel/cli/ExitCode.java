package dev.gavel.cli;

/** What the process ends with; the numbers above 2 are those of sysexits.h. */
final class ExitCode {
    static final int OK = 0;
    /** Failed while running, or a test failed. */
    static final int FAILED = 1;
    /** Wrong usage of the command line. */
    static final int USAGE = 2;
    /** A kernel feature or a queue is not available. */
    static final int UNAVAILABLE = 69;
    /** A privilege is missing. */
    static final int NO_PRIVILEGE = 77;
    /** Invalid configuration or policy. */
    static final int CONFIG = 78;

    private ExitCode() {}
}

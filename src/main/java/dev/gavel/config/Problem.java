package dev.gavel.config;

/** One mistake, or one doubt, in a configuration file; {@code message} says what is wrong and what is expected. */
public record Problem(Place place, Severity severity, String message) {
    /** Whether a problem stops loading. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public String file() {
        return place.file();
    }

    /** From 1. */
    public int line() {
        return place.line();
    }

    /** From 1, in characters. */
    public int column() {
        return place.column();
    }

    /** {@code FILE:LINE:COLUMN: MESSAGE}, or {@code FILE:LINE:COLUMN: warning: MESSAGE}. */
    @Override
    public String toString() {
        return place + (severity == Severity.WARNING ? ": warning: " : ": ") + message;
    }
}

package dev.gavel.config.source;

import org.jspecify.annotations.Nullable;

/**
 * One mistake, or one doubt, in a configuration file; {@code message} says what is wrong and what is expected.
 *
 * @param excerpt the line it is about; null where that is not known or the file as a whole is meant
 */
public record Problem(
        Place place,
        Severity severity,
        String message,
        @Nullable Excerpt excerpt) {
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
    public String headline() {
        return place + (severity == Severity.WARNING ? ": warning: " : ": ") + message;
    }

    /** The headline and, below it, the excerpt. */
    @Override
    public String toString() {
        return excerpt == null ? headline() : headline() + "\n" + excerpt;
    }
}

package dev.gavel.config.source;

import java.util.List;
import java.util.stream.Collectors;

/** The operator's files hold mistakes, so nothing was loaded. Its message is the text of all problems, one a line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;
    private final int moreErrors;

    /** {@code moreErrors}: how many there are beyond those of {@code problems}. */
    public ConfigException(List<Problem> problems, int moreErrors) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))
                + (moreErrors == 0 ? "" : "\n" + rest(moreErrors)));
        this.problems = List.copyOf(problems);
        this.moreErrors = moreErrors;
    }

    private static String rest(int moreErrors) {
        return moreErrors == 0 ? "" : "... and " + moreErrors + (moreErrors == 1 ? " more error" : " more errors");
    }

    /** A line about the errors that are too many to tell; empty if all are told. */
    public String rest() {
        return rest(moreErrors);
    }

    /** Errors, and warnings found beside them, in file and line order. */
    public List<Problem> problems() {
        return problems;
    }
}

package dev.gavel.config;

import java.util.List;
import java.util.stream.Collectors;

/** The operator's files hold mistakes, so nothing was loaded. Its message is the text of all problems, one a line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Errors, and warnings found beside them, in file and line order. */
    public List<Problem> problems() {
        return problems;
    }
}

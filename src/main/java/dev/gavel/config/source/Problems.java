package dev.gavel.config.source;

import dev.gavel.config.source.Problem.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects the problems of one load, of all its files; of any number it keeps the first {@value #LIMIT} errors and the
 * first {@value #LIMIT} warnings, by file (in the order the files were read), line and column. One thread.
 */
public final class Problems {
    /** So many errors, and so many warnings, are told at once. */
    public static final int LIMIT = 50;

    private final Map<String, Integer> files = new HashMap<>();
    private final Map<String, SourceFile> texts = new HashMap<>();
    private @Nullable Place lineStart;
    private String line = "";
    private int moreErrors;
    private final Comparator<Problem> order = Comparator.comparingInt((Problem p) -> files.getOrDefault(p.file(), 0))
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::message);
    private final TreeSet<Problem> errors = new TreeSet<>(order);
    private final TreeSet<Problem> warnings = new TreeSet<>(order);

    /** Says that {@code file} is read now: its problems come after those of the files before it. */
    public void reading(String file) {
        files.putIfAbsent(file, files.size());
    }

    /** As {@link #reading(String)}; problems of the file will show its lines. */
    public void reading(SourceFile file) {
        reading(file.name());
        texts.put(file.name(), file);
    }

    /** As {@link #reading(String)}, of a file too large to keep: problems told before the next line show this one. */
    public void reading(Place start, String text) {
        lineStart = start;
        line = text;
    }

    /** Adds a mistake: nothing will be loaded. */
    public void error(Place place, String message) {
        moreErrors += add(errors, new Problem(place, Severity.ERROR, message, excerptNow(place)));
    }

    /** Adds a doubt, which does not stop loading. */
    public void warning(Place place, String message) {
        add(warnings, new Problem(place, Severity.WARNING, message, excerptNow(place)));
    }

    /** Keeps the first ones; returns how many were too many. */
    private int add(NavigableSet<Problem> kept, Problem problem) {
        reading(problem.file());
        kept.add(problem);
        if (kept.size() <= LIMIT) {
            return 0;
        }
        kept.pollLast();
        return 1;
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** Errors and warnings in file and line order. */
    public List<Problem> list() {
        List<Problem> all = new ArrayList<>(errors);
        all.addAll(warnings);
        all.sort(order);
        return withExcerpts(all);
    }

    /** The warnings alone, in file and line order. */
    public List<Problem> warnings() {
        return withExcerpts(warnings);
    }

    private List<Problem> withExcerpts(Collection<Problem> problems) {
        return problems.stream()
                .map(problem -> new Problem(problem.place(), problem.severity(), problem.message(), excerpt(problem)))
                .toList();
    }

    private @Nullable Excerpt excerptNow(Place place) {
        boolean here = lineStart != null
                && lineStart.line() == place.line()
                && lineStart.file().equals(place.file());
        return here ? Excerpt.of(line, place.column()) : null;
    }

    private @Nullable Excerpt excerpt(Problem problem) {
        if (problem.excerpt() != null) {
            return problem.excerpt();
        }
        SourceFile text = texts.get(problem.file());
        return text == null ? null : Excerpt.of(text.line(problem.line()), problem.column());
    }

    /** Ends a load that found mistakes. */
    public void throwIfErrors() throws ConfigException {
        if (hasErrors()) {
            throw new ConfigException(list(), moreErrors);
        }
    }
}

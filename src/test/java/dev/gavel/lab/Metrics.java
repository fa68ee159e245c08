package dev.gavel.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One scrape of a daemon's metrics, in the Prometheus text format. */
final class Metrics {
    private static final Pattern SERIES = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final List<Series> series = new ArrayList<>();

    private record Series(String name, Map<String, String> labels, double value) {}

    Metrics(String text) {
        Matcher line = SERIES.matcher(text);
        while (line.find()) {
            Map<String, String> labels = new HashMap<>();
            Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            series.add(new Series(line.group(1), labels, Double.parseDouble(line.group(3))));
        }
    }

    /** The sum of all series with this name and, among others, these labels: name, value, name, value, … */
    long sum(String name, Object... labels) {
        return (long) exactSum(name, labels);
    }

    /** As {@link #sum}, of what need not be whole. */
    double exactSum(String name, Object... labels) {
        List<Series> found = matching(name, labels);
        if (found.isEmpty()) {
            throw new AssertionError("no series " + name + List.of(labels));
        }
        return found.stream().mapToDouble(Series::value).sum();
    }

    boolean has(String name, Object... labels) {
        return !matching(name, labels).isEmpty();
    }

    private List<Series> matching(String name, Object... labels) {
        List<Series> found = new ArrayList<>();
        for (Series candidate : series) {
            boolean matches = candidate.name().equals(name);
            for (int i = 0; i < labels.length; i += 2) {
                matches &=
                        String.valueOf(labels[i + 1]).equals(candidate.labels().get(String.valueOf(labels[i])));
            }
            if (matches) {
                found.add(candidate);
            }
        }
        return found;
    }
}

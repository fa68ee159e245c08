package dev.gavel.metrics;

import dev.gavel.counters.Distribution;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The metric families of one scrape. Names are given without the suffix that the type adds: {@code _total} or {@code
 * _info}.
 */
final class Families {
    private final MetricSnapshots.Builder families = MetricSnapshots.builder();

    /** Receives the samples of one family. */
    @FunctionalInterface
    interface Samples {
        /** Adds one sample; {@code labels} are alternating names and values. */
        void sample(double value, String... labels);

        /** Adds one sample of a count; exact up to 2^53. */
        default void sample(long value, String... labels) {
            sample((double) value, labels);
        }
    }

    /** Adds all samples of one family. */
    @FunctionalInterface
    interface Source {
        void addTo(Samples samples);
    }

    void counter(String name, String help, Source source) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        source.addTo((value, labels) -> family.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build()));
        families.metricSnapshot(family.build());
    }

    void gauge(String name, String help, Source source) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        source.addTo((value, labels) -> family.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build()));
        families.metricSnapshot(family.build());
    }

    void info(String name, String help, Labels... samples) {
        InfoSnapshot.Builder family = InfoSnapshot.builder().name(name).help(help);
        for (Labels labels : samples) {
            family.dataPoint(
                    InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels).build());
        }
        families.metricSnapshot(family.build());
    }

    /** Adds histograms to one family. */
    static final class Histograms {
        private final HistogramSnapshot.Builder family;
        private final double perUnit;

        private Histograms(HistogramSnapshot.Builder family, double perUnit) {
            this.family = family;
            this.perUnit = perUnit;
        }

        /** Adds one sample, the sum of {@code parts}: at least one histogram, all with the same bounds. */
        void sample(List<Distribution> parts, String... labels) {
            long[] bounds = parts.get(0).bounds();
            double[] upper = new double[bounds.length + 1];
            long[] counts = new long[bounds.length + 1];
            double sum = 0;
            for (Distribution part : parts) {
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += part.count(i);
                }
                sum += part.sum() / perUnit;
            }
            for (int i = 0; i < bounds.length; i++) {
                upper[i] = bounds[i] / perUnit; // multiplying by 1e-9 would be inexact and show in the label
            }
            upper[bounds.length] = Double.POSITIVE_INFINITY;
            family.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(upper, counts))
                    .sum(sum)
                    .labels(Labels.of(labels))
                    .build());
        }
    }

    /**
     * Adds a family of histograms. Recorded values are divided by {@code perUnit} for output: 1e9 turns nanoseconds
     * into seconds.
     */
    void histogram(String name, String help, double perUnit, Consumer<Histograms> source) {
        HistogramSnapshot.Builder family =
                HistogramSnapshot.builder().name(name).help(help);
        source.accept(new Histograms(family, perUnit));
        families.metricSnapshot(family.build());
    }

    /** Converts a map from label names to values. */
    static Labels labels(Map<String, String> labels) {
        return Labels.of(labels.entrySet().stream()
                .flatMap(label -> Stream.of(label.getKey(), label.getValue()))
                .toArray(String[]::new));
    }

    MetricSnapshots build() {
        return families.build();
    }
}

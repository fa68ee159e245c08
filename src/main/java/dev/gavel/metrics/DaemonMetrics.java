package dev.gavel.metrics;

import dev.gavel.engine.Engine;
import dev.gavel.engine.InspectorCounters;
import dev.gavel.events.Events;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.policy.program.OverloadVerdict;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import dev.gavel.reject.RawRejector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All {@code gavel_…} metrics, read anew at each scrape: no series is ever looked up on the way of a packet. */
public final class DaemonMetrics implements MultiCollector {
    private static final String OTHER_RULES = "other";

    /**
     * What the metrics are read from.
     *
     * @param sockets one for each of the pipeline's queues, in their order
     * @param inspectors the counters of every inspector there was
     * @param build labels of {@code gavel_build_info}
     * @param matcher labels of {@code gavel_matcher_info}
     * @param matcherCache look-ups of compiled patterns so far, by result
     * @param maxRules rules with a series of their own
     */
    public record Sources(
            Pipeline pipeline,
            List<QueueSocket> sockets,
            Supplier<Engine> engine,
            List<InspectorCounters> inspectors,
            RawRejector rejector,
            Reloads reloads,
            Events events,
            Map<String, String> build,
            Map<String, String> matcher,
            Supplier<Map<String, Long>> matcherCache,
            int maxRules) {}

    private final Sources sources;

    public DaemonMetrics(Sources sources) {
        this.sources = sources;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        List<QueueMetrics> queues = QueueMetrics.of(sources.pipeline(), sources.sockets());
        Stream<String> overloads =
                sources.engine().get().program().overloadVerdicts().stream().map(OverloadVerdict::policy);
        QueueMetrics.addTo(
                families, queues, Stream.concat(Stream.of(""), overloads).toList());
        workers(families);
        policies(families);
        rejects(families);
        reloads(families);
        events(families);
        infos(families, queues);
        return families.build();
    }

    private void workers(Families families) {
        families.gauge(
                "gavel_worker_queue_packets",
                "Packets that wait for a worker or are judged by it.",
                samples -> sources.pipeline()
                        .workers()
                        .forEach(worker -> samples.sample(worker.held(), "worker", worker.name())));
        families.counter(
                "gavel_worker_busy_seconds",
                "Time in which a worker has judged.",
                samples -> sources.pipeline()
                        .workers()
                        .forEach(worker -> samples.sample(worker.busyNs() / 1e9, "worker", worker.name())));
    }

    private void policies(Families families) {
        Engine engine = sources.engine().get();
        List<Rule> rules = engine.program().rules();
        families.gauge(
                "gavel_policy_generation",
                "Generation of the policies in force, from 1.",
                samples -> samples.sample(engine.generation()));
        families.gauge("gavel_policy_rules", "Rules in force.", samples -> {
            Map<List<String>, Long> counts = new LinkedHashMap<>();
            rules.forEach(
                    rule -> counts.merge(List.of(rule.policy(), rule.mode().word()), 1L, Long::sum));
            counts.forEach((key, count) -> samples.sample(count, "policy", key.get(0), "mode", key.get(1)));
        });
        families.counter("gavel_rule_matches", "Packets that met a rule.", samples -> ruleMatches(rules, samples));
        shadows(families, engine.program());
        limits(families, engine.program());
        families.counter("gavel_malformed_packets", "Packets whose headers lie or are cut off.", samples -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            sources.inspectors()
                    .forEach(inspector -> inspector
                            .malformedPackets()
                            .forEach((layer, count) -> counts.merge(layer, count, Long::sum)));
            counts.forEach((layer, count) -> samples.sample(count, "layer", layer));
        });
    }

    private void ruleMatches(List<Rule> rules, Families.Samples samples) {
        long others = 0;
        for (Rule rule : rules) {
            long matches = sources.inspectors().stream()
                    .mapToLong(inspector -> inspector.matches(rule))
                    .sum();
            if (hasOwnSeries(rule)) {
                String mode = rule.mode().word();
                samples.sample(matches, "policy", rule.policy(), "rule", rule.name(), "mode", mode);
            } else {
                others += matches;
            }
        }
        if (rules.size() > sources.maxRules()) {
            samples.sample(others, "policy", "", "rule", OTHER_RULES, "mode", "");
        }
    }

    /** Rules beyond the configured number share one series, so that labels stay bounded. */
    private boolean hasOwnSeries(Rule rule) {
        return rule.index() < sources.maxRules();
    }

    private void shadows(Families families, Program program) {
        families.counter(
                "gavel_shadow_verdicts",
                "Packets that a policy would have decided, had all of it been enforced, and what they got.",
                samples -> program.shadowPolicies().forEach(policy -> shadowVerdicts(policy, samples)));
    }

    private void shadowVerdicts(String policy, Families.Samples samples) {
        Map<List<String>, Long> counts = new LinkedHashMap<>();
        sources.inspectors()
                .forEach(inspector -> inspector
                        .shadowVerdicts(policy)
                        .forEach((words, count) -> counts.merge(words, count, Long::sum)));
        counts.forEach((words, count) ->
                samples.sample(count, "policy", policy, "verdict", words.get(0), "actual", words.get(1)));
    }

    private void limits(Families families, Program program) {
        families.counter(
                "gavel_limit_keys_evicted",
                "Keys of a limit that made room for others before their rate had recovered.",
                samples -> evictedKeys(program.evictedKeys(), samples));
    }

    private void evictedKeys(Map<Rule, Long> evicted, Families.Samples samples) {
        long others = 0;
        for (Map.Entry<Rule, Long> entry : evicted.entrySet()) {
            Rule rule = entry.getKey();
            if (hasOwnSeries(rule)) {
                samples.sample(entry.getValue(), "policy", rule.policy(), "rule", rule.name());
            } else {
                others += entry.getValue();
            }
        }
        if (!evicted.keySet().stream().allMatch(this::hasOwnSeries)) {
            samples.sample(others, "policy", "", "rule", OTHER_RULES);
        }
    }

    private void rejects(Families families) {
        families.counter("gavel_rejects", "Answers to the ends of rejected packets.", samples -> {
            samples.sample(sources.rejector().sent(), "result", "sent");
            samples.sample(sources.rejector().suppressed(), "result", "suppressed");
            samples.sample(sources.rejector().failed(), "result", "failed");
        });
    }

    private void reloads(Families families) {
        Reloads reloads = sources.reloads();
        families.counter("gavel_config_reloads", "Reloads of the policies.", samples -> {
            samples.sample(reloads.successes(), "result", "success");
            samples.sample(reloads.failures(), "result", "failure");
        });
        families.gauge(
                "gavel_config_last_reload_successful",
                "Whether the last load brought new policies.",
                samples -> samples.sample(reloads.wasLastSuccessful() ? 1 : 0));
        families.gauge(
                "gavel_config_last_reload_success_timestamp_seconds",
                "When policies were last loaded.",
                samples -> samples.sample(reloads.lastSuccessSeconds()));
    }

    private void events(Families families) {
        Events events = sources.events();
        families.counter(
                "gavel_events_written",
                "Events that were written.",
                samples -> samples.sample(events.written(), "sink", events.sink()));
        families.counter(
                "gavel_events_lost",
                "Events for which there was no room, in memory or on the disk.",
                samples -> samples.sample(events.lost(), "sink", events.sink()));
    }

    private void infos(Families families, List<QueueMetrics> queues) {
        families.info("gavel_build", "What runs here.", labels(sources.build()));
        families.info(
                "gavel_queue",
                "How a queue is bound.",
                queues.stream().map(QueueMetrics::info).toArray(Labels[]::new));
        families.counter(
                "gavel_matcher_cache",
                "Look-ups of compiled patterns in the cache on disk.",
                samples -> sources.matcherCache()
                        .get()
                        .forEach((result, count) -> samples.sample(count, "result", result)));
        families.info("gavel_matcher", "What searches patterns.", labels(sources.matcher()));
    }

    private static Labels labels(Map<String, String> labels) {
        return Labels.of(labels.entrySet().stream()
                .flatMap(label -> Stream.of(label.getKey(), label.getValue()))
                .toArray(String[]::new));
    }
}

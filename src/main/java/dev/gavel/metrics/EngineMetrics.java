package dev.gavel.metrics;

import dev.gavel.engine.Engine;
import dev.gavel.engine.InspectorCounters;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Metrics of the policies in force, and the counts of the judging threads by rule, policy and protocol layer. */
public final class EngineMetrics extends Collector {
    private static final String OTHER_RULES = "other";

    private final Supplier<Engine> engine;
    private final List<InspectorCounters> inspectors;
    private final int maxRules;

    /**
     * Metrics of the engine in force.
     *
     * @param inspectors the counters of every inspector ever made; the list may grow while it is read
     * @param maxRules number of rules with their own series; all further rules share one, so that the number of labels
     *     stays bounded
     */
    public EngineMetrics(Supplier<Engine> engine, List<InspectorCounters> inspectors, int maxRules) {
        this.engine = engine;
        this.inspectors = inspectors;
        this.maxRules = maxRules;
    }

    @Override
    void addTo(Families families) {
        Engine current = engine.get();
        Program program = current.program();
        families.gauge(
                "gavel_policy_generation",
                "Generation of the policies in force, from 1.",
                samples -> samples.sample(current.generation()));
        families.gauge("gavel_policy_rules", "Rules in force.", samples -> rules(program.rules(), samples));
        families.counter(
                "gavel_rule_matches", "Packets that met a rule.", samples -> ruleMatches(program.rules(), samples));
        families.counter(
                "gavel_shadow_verdicts",
                "Packets that a policy would have decided, had all of it been enforced, and what they got.",
                samples -> program.shadowPolicies().forEach(policy -> shadowVerdicts(policy, samples)));
        families.counter(
                "gavel_limit_keys_evicted",
                "Keys of a limit that made room for others before their rate had recovered.",
                samples -> evictedKeys(program.evictedKeys(), samples));
        families.counter(
                "gavel_malformed_packets",
                "Packets whose headers lie or are cut off.",
                samples -> sum(InspectorCounters::malformedPackets)
                        .forEach((layer, count) -> samples.sample(count, "layer", layer)));
    }

    private static void rules(List<Rule> rules, Families.Samples samples) {
        Map<List<String>, Long> counts = new LinkedHashMap<>();
        rules.forEach(rule -> counts.merge(List.of(rule.policy(), rule.mode().word()), 1L, Long::sum));
        counts.forEach((key, count) -> samples.sample(count, "policy", key.get(0), "mode", key.get(1)));
    }

    private void ruleMatches(List<Rule> rules, Families.Samples samples) {
        long others = 0;
        for (Rule rule : rules) {
            long matches = inspectors.stream()
                    .mapToLong(inspector -> inspector.matches(rule))
                    .sum();
            if (hasOwnSeries(rule)) {
                String mode = rule.mode().word();
                samples.sample(matches, "policy", rule.policy(), "rule", rule.name(), "mode", mode);
            } else {
                others += matches;
            }
        }
        if (rules.size() > maxRules) {
            samples.sample(others, "policy", "", "rule", OTHER_RULES, "mode", "");
        }
    }

    private boolean hasOwnSeries(Rule rule) {
        return rule.index() < maxRules;
    }

    private void shadowVerdicts(String policy, Families.Samples samples) {
        sum(inspector -> inspector.shadowVerdicts(policy))
                .forEach((words, count) ->
                        samples.sample(count, "policy", policy, "verdict", words.get(0), "actual", words.get(1)));
    }

    /** The sums over all inspectors by key; keys appear in the order of the first inspector. */
    private <K> Map<K, Long> sum(Function<InspectorCounters, Map<K, Long>> counts) {
        Map<K, Long> sums = new LinkedHashMap<>();
        inspectors.forEach(
                inspector -> counts.apply(inspector).forEach((key, count) -> sums.merge(key, count, Long::sum)));
        return sums;
    }

    private void evictedKeys(Map<Rule, Long> evicted, Families.Samples samples) {
        long others = 0;
        boolean folded = false;
        for (Map.Entry<Rule, Long> entry : evicted.entrySet()) {
            Rule rule = entry.getKey();
            if (hasOwnSeries(rule)) {
                samples.sample(entry.getValue(), "policy", rule.policy(), "rule", rule.name());
            } else {
                others += entry.getValue();
                folded = true;
            }
        }
        if (folded) {
            samples.sample(others, "policy", "", "rule", OTHER_RULES);
        }
    }
}

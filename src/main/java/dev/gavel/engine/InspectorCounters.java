package dev.gavel.engine;

import dev.gavel.counters.Counter;
import dev.gavel.packet.Layer;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Shadow;
import dev.gavel.queue.Verdict;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What one inspector has counted. Written by its thread, read by any; counts of a rule end with the rule. */
public final class InspectorCounters {
    private final Map<String, Counter> matchesByRule = new ConcurrentHashMap<>();
    private final Map<String, Map<Verdict.Kind, Map<Verdict.Kind, Counter>>> shadowVerdicts = new ConcurrentHashMap<>();
    private final Map<Layer, Counter> malformed = new EnumMap<>(Layer.class);
    private Counter[] matches = new Counter[0];

    InspectorCounters() {
        for (Layer layer : Layer.values()) {
            malformed.put(layer, new Counter());
        }
    }

    /** Rule indexes mean the rules of {@code program} from now on. */
    void use(Program program) {
        List<String> keys = program.rules().stream().map(InspectorCounters::key).toList();
        matches = keys.stream()
                .map(key -> matchesByRule.computeIfAbsent(key, name -> new Counter()))
                .toArray(Counter[]::new);
        matchesByRule.keySet().retainAll(Set.copyOf(keys)); // or reloads that rename rules would fill the heap
        program.shadowPolicies().forEach(policy -> shadowVerdicts.computeIfAbsent(policy, InspectorCounters::counters));
        shadowVerdicts.keySet().retainAll(Set.copyOf(program.shadowPolicies()));
    }

    private static String key(Rule rule) {
        return rule.mode() + " " + rule.path();
    }

    void matched(Rule rule) {
        matches[rule.index()].increment();
    }

    private static Map<Verdict.Kind, Map<Verdict.Kind, Counter>> counters(String policy) {
        Map<Verdict.Kind, Map<Verdict.Kind, Counter>> counters = new EnumMap<>(Verdict.Kind.class);
        for (Verdict.Kind verdict : Verdict.Kind.values()) {
            Map<Verdict.Kind, Counter> byActual = new EnumMap<>(Verdict.Kind.class);
            for (Verdict.Kind actual : Verdict.Kind.values()) {
                byActual.put(actual, new Counter());
            }
            counters.put(verdict, byActual);
        }
        return counters;
    }

    /** A packet that got {@code actual} would have got the verdict of {@code shadow}. */
    void wouldHave(Shadow shadow, Verdict actual) {
        Verdict verdict = Objects.requireNonNull(shadow.verdict());
        var counters = Objects.requireNonNull(shadowVerdicts.get(shadow.policy()));
        var byActual = Objects.requireNonNull(counters.get(verdict.kind()));
        Objects.requireNonNull(byActual.get(actual.kind())).increment();
    }

    void malformed(Layer layer) {
        counter(layer).increment();
    }

    /** Packets that have met {@code rule}, counted over reloads as long as the rule is there. */
    public long matches(Rule rule) {
        Counter counter = matchesByRule.get(key(rule));
        return counter == null ? 0 : counter.value();
    }

    /**
     * Packet counts of {@code policy} keyed by [verdict that its rules and default in shadow mode would have given,
     * verdict that the policies gave, before it is rewritten for its queue], zeros included. They go on over reloads as
     * long as the policy is there. Empty until the inspector knows the policy.
     */
    public Map<List<String>, Long> shadowVerdicts(String policy) {
        Map<List<String>, Long> counts = new LinkedHashMap<>();
        shadowVerdicts
                .getOrDefault(policy, Map.of())
                .forEach((verdict, byActual) -> byActual.forEach(
                        (actual, counter) -> counts.put(List.of(verdict.word(), actual.word()), counter.value())));
        return counts;
    }

    /** Packets whose headers lie or are cut off, by the word of the layer. */
    public Map<String, Long> malformedPackets() {
        Map<String, Long> counts = new LinkedHashMap<>();
        malformed.forEach((layer, counter) -> counts.put(layer.word(), counter.value()));
        return counts;
    }

    private Counter counter(Layer layer) {
        return Objects.requireNonNull(malformed.get(layer));
    }
}

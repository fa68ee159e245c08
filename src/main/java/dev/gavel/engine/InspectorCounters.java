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

/**
 * The counters of one inspector. Written by the inspector's thread, read by any. A rule's counter is dropped when a
 * reload removes the rule.
 */
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

    /**
     * From now on {@link Rule#index} refers to the rules of {@code program}. Rules that keep their path and mode keep
     * their counts.
     */
    void use(Program program) {
        List<String> keys = program.rules().stream().map(InspectorCounters::key).toList();
        matches = keys.stream()
                .map(key -> matchesByRule.computeIfAbsent(key, name -> new Counter()))
                .toArray(Counter[]::new);
        // otherwise each reload that renames rules would leak counters
        matchesByRule.keySet().retainAll(Set.copyOf(keys));
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

    /**
     * Counts a packet that got {@code actual} but would have got the verdict of {@code shadow} if that were enforced.
     */
    void wouldHave(Shadow shadow, Verdict actual) {
        Verdict verdict = Objects.requireNonNull(shadow.verdict());
        var counters = Objects.requireNonNull(shadowVerdicts.get(shadow.policy()));
        var byActual = Objects.requireNonNull(counters.get(verdict.kind()));
        Objects.requireNonNull(byActual.get(actual.kind())).increment();
    }

    void malformed(Layer layer) {
        counter(layer).increment();
    }

    /** Packets that matched {@code rule}; the count survives a reload if the rule is kept. */
    public long matches(Rule rule) {
        Counter counter = matchesByRule.get(key(rule));
        return counter == null ? 0 : counter.value();
    }

    /**
     * Packet counts of {@code policy}, keyed by two words: the verdict that its rules and default in shadow mode would
     * have given, and the verdict that the policies gave, before it is rewritten for the queue. Zeros are included. The
     * counts survive a reload if the policy is kept. Empty if the current program has no such shadow policy.
     */
    public Map<List<String>, Long> shadowVerdicts(String policy) {
        Map<List<String>, Long> counts = new LinkedHashMap<>();
        shadowVerdicts
                .getOrDefault(policy, Map.of())
                .forEach((verdict, byActual) -> byActual.forEach(
                        (actual, counter) -> counts.put(List.of(verdict.word(), actual.word()), counter.value())));
        return counts;
    }

    /** Packets with inconsistent or incomplete headers, by the {@link Layer#word} of the header at fault. */
    public Map<String, Long> malformedPackets() {
        Map<String, Long> counts = new LinkedHashMap<>();
        malformed.forEach((layer, counter) -> counts.put(layer.word(), counter.value()));
        return counts;
    }

    private Counter counter(Layer layer) {
        return Objects.requireNonNull(malformed.get(layer));
    }
}

package dev.gavel.engine;

import dev.gavel.counters.Counter;
import dev.gavel.packet.Layer;
import dev.gavel.policy.Rule;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What one inspector has counted. Written by its thread, read by any; rules keep their counts over generations. */
public final class InspectorCounters {
    private final Map<String, Counter> matchesByRule = new ConcurrentHashMap<>();
    private final Map<Layer, Counter> malformed = new EnumMap<>(Layer.class);
    private Counter[] matches = new Counter[0];

    InspectorCounters() {
        for (Layer layer : Layer.values()) {
            malformed.put(layer, new Counter());
        }
    }

    /** Rule indexes mean the rules of {@code rules} from now on. */
    void use(List<Rule> rules) {
        matches = rules.stream()
                .map(rule -> matchesByRule.computeIfAbsent(key(rule), name -> new Counter()))
                .toArray(Counter[]::new);
    }

    private static String key(Rule rule) {
        return rule.mode() + " " + rule.path();
    }

    void matched(Rule rule) {
        matches[rule.index()].increment();
    }

    void malformed(Layer layer) {
        counter(layer).increment();
    }

    /** Packets that have met {@code rule}, in any generation. */
    public long matches(Rule rule) {
        Counter counter = matchesByRule.get(key(rule));
        return counter == null ? 0 : counter.value();
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

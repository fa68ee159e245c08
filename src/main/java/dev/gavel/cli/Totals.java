package dev.gavel.cli;

import dev.gavel.engine.Ruling;
import dev.gavel.policy.Rule;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Sums over a replayed capture. */
final class Totals {
    final Map<Verdict.Kind, Integer> verdicts = new EnumMap<>(Verdict.Kind.class);
    final Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    final Map<String, Integer> rules = new LinkedHashMap<>();
    int packets;
    int flows;

    private final Map<Integer, String> ruleOrder = new TreeMap<>();

    void add(Ruling ruling) {
        packets++;
        verdicts.merge(ruling.verdict().kind(), 1, Integer::sum);
        reasons.merge(ruling.reason(), 1, Integer::sum);
        for (Rule rule : Replay.met(ruling)) {
            ruleOrder.put(rule.index(), rule.path());
            rules.merge(rule.path(), 1, Integer::sum);
        }
    }

    int verdicts(Verdict.Kind kind) {
        return verdicts.getOrDefault(kind, 0);
    }

    int reasons(Reason reason) {
        return reasons.getOrDefault(reason, 0);
    }

    /** Every number of the summary, by its key; those in maps by the map's key, a space, and their own. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        counts.put("packets", packets);
        counts.put("flows", flows);
        counts.put("malformed", reasons(Reason.MALFORMED));
        verdicts.forEach((kind, count) -> counts.merge(key(kind), count, Integer::sum));
        reasons.forEach((reason, count) -> counts.put("reasons " + reason.word(), count));
        rules.forEach((rule, count) -> counts.put("rules " + rule, count));
        return counts;
    }

    private static String key(Verdict.Kind kind) {
        return kind == Verdict.Kind.REPEAT || kind == Verdict.Kind.QUEUE ? "other" : kind.word();
    }

    /** Matches by rule, in the order of the policies. */
    Map<String, Integer> rulesInOrder() {
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ruleOrder.values().forEach(path -> ordered.put(path, rules.getOrDefault(path, 0)));
        return ordered;
    }
}

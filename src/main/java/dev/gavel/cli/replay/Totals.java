package dev.gavel.cli.replay;

import dev.gavel.engine.Ruling;
import dev.gavel.policy.program.Rule;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Sums over a replayed capture. */
final class Totals {
    final Map<Verdict.Kind, Integer> verdicts = new EnumMap<>(Verdict.Kind.class);
    final Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    int packets;
    int flows;

    private final Map<Rule, Integer> rules = new TreeMap<>(Comparator.comparingInt(Rule::index));
    private final Map<Rule, Integer> shadows = new TreeMap<>(Comparator.comparingInt(Rule::index));

    void add(Ruling ruling) {
        packets++;
        verdicts.merge(ruling.verdict().kind(), 1, Integer::sum);
        reasons.merge(ruling.reason(), 1, Integer::sum);
        for (Rule rule : Replay.met(ruling)) {
            rules.merge(rule, 1, Integer::sum);
        }
        for (int i = 0; i < ruling.findings().shadows().count(); i++) {
            Rule shadow = ruling.findings().shadows().met(i).rule();
            if (shadow != null) {
                shadows.merge(shadow, 1, Integer::sum);
            }
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
        rules().forEach((rule, count) -> counts.put("rules " + rule, count));
        shadows().forEach((rule, count) -> counts.put("shadow " + rule, count));
        return counts;
    }

    private static String key(Verdict.Kind kind) {
        return kind == Verdict.Kind.REPEAT || kind == Verdict.Kind.QUEUE ? "other" : kind.word();
    }

    /** Matches of enforced rules, in the order of the policies. */
    Map<String, Integer> rules() {
        return byPath(rules);
    }

    /** Matches of rules in shadow mode, in the order of the policies. */
    Map<String, Integer> shadows() {
        return byPath(shadows);
    }

    private static Map<String, Integer> byPath(Map<Rule, Integer> counts) {
        Map<String, Integer> byPath = new LinkedHashMap<>();
        counts.forEach((rule, count) -> byPath.put(rule.path(), count));
        return byPath;
    }
}

package dev.gavel.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the keys of each step and files it. Of the keys that a condition offers, those are taken that the fewest
 * steps share: then a packet wakes few, whatever it is.
 */
final class RuleIndexBuilder {
    /** Fewer steps than this are tried one by one: asking an index would cost as much. */
    static final int FEW = 16;

    /** The narrowest prefixes; no patterns. */
    private static final Keys.Cost SHARE = new Keys.Cost() {
        @Override
        public double of(Prefix prefix) {
            return prefix.share();
        }

        @Override
        public double of(Condition.Hit hit) {
            return Double.POSITIVE_INFINITY;
        }
    };

    /**
     * A step to be filed.
     *
     * @param condition without which it is false, its policy's guard too if that is {@link #isBrief}
     * @param reach steps with equal ones are in policies that hold for the same packets
     */
    record Entry(Condition condition, int reach) {}

    /** A step of {@code reach} in front wakes those that wait for {@code search}; null: whatever the packet's fields. */
    private record Trigger(@Nullable Prefix prefix, int search, int reach) {}

    private final List<Entry> entries;
    private final List<Search> searches;
    private final StepSet always;
    private final Map<Field, Map<Prefix, List<Integer>>> byPrefix = new EnumMap<>(Field.class);
    private final Map<Integer, Map<Integer, List<Integer>>> byPattern = new HashMap<>();
    private final int[][] wanted;
    private final Set<Trigger> triggers = new HashSet<>();

    private RuleIndexBuilder(List<Entry> entries, List<Search> searches) {
        this.entries = entries;
        this.searches = searches;
        always = new StepSet(entries.size());
        wanted = new int[entries.size()][];
        Arrays.fill(wanted, RuleIndex.NONE);
    }

    /** Whether {@code guard} is worth to be filed with each step of its policy. */
    static boolean isBrief(Condition guard) {
        return guard != Condition.ALWAYS && Keys.breadth(guard) < FEW;
    }

    /** The index of {@code entries}, whose steps are numbered in their order, with the searches of their program. */
    static RuleIndex build(List<Entry> entries, List<Search> searches) {
        if (entries.size() < FEW) {
            return RuleIndex.ofAll(entries.size());
        }
        RuleIndexBuilder builder = new RuleIndexBuilder(entries, searches);
        builder.fileAll();
        return builder.built();
    }

    private void fileAll() {
        Popularity popularity =
                new Popularity(entries.stream().map(Entry::condition).toList(), searches);
        Map<Integer, Keys> ungated = new LinkedHashMap<>();
        for (int step = 0; step < entries.size(); step++) {
            Condition condition = entries.get(step).condition();
            Keys keys = Keys.of(condition, popularity);
            if (keys == null) {
                always.add(step);
                continue;
            }
            for (Prefix prefix : keys.prefixes()) {
                wake(prefix, step);
            }
            Keys gate = keys.hits().isEmpty() ? keys : Keys.of(condition, SHARE);
            if (gate == null) {
                ungated.put(step, keys);
            } else {
                waitForHits(step, keys, gate.prefixes());
            }
        }
        if (ungated.size() < FEW) {
            ungated.keySet().forEach(always::add); // what else they ask for, that is no key, may spare a scan
        } else {
            ungated.forEach((step, keys) -> waitForHits(step, keys, null));
        }
    }

    private void wake(Prefix prefix, int step) {
        byPrefix.computeIfAbsent(prefix.field(), field -> new HashMap<>())
                .computeIfAbsent(prefix, wanting -> new ArrayList<>(1))
                .add(step);
    }

    /** {@code gate}: prefixes of which a packet needs one for the step to match; null: none are known. */
    private void waitForHits(int step, Keys keys, @Nullable List<Prefix> gate) {
        for (Condition.Hit hit : keys.hits()) {
            for (int pattern : hit.patterns()) {
                byPattern
                        .computeIfAbsent(hit.search(), search -> new HashMap<>())
                        .computeIfAbsent(pattern, wanting -> new ArrayList<>(1))
                        .add(step);
            }
        }
        int reach = entries.get(step).reach();
        wanted[step] =
                keys.hits().stream().mapToInt(Condition.Hit::search).distinct().toArray();
        for (int search : wanted[step]) {
            if (gate == null && triggers.add(new Trigger(null, search, reach))) {
                always.add(step);
            }
            for (Prefix prefix : gate == null ? List.<Prefix>of() : gate) {
                if (triggers.add(new Trigger(prefix, search, reach))) {
                    wake(prefix, step);
                }
            }
        }
    }

    private RuleIndex built() {
        List<FieldTable> fields = new ArrayList<>();
        byPrefix.forEach((field, steps) -> {
            Map<Prefix, int[]> packed = new HashMap<>();
            steps.forEach((prefix, list) -> packed.put(prefix, packed(list)));
            fields.add(new FieldTable(field, packed));
        });
        int[][][] patterns = new int[searches.size()][][];
        for (int search = 0; search < patterns.length; search++) {
            Map<Integer, List<Integer>> steps = byPattern.getOrDefault(search, Map.of());
            patterns[search] = new int[searches.get(search).patterns().size()][];
            Arrays.setAll(patterns[search], pattern -> packed(steps.getOrDefault(pattern, List.of())));
        }
        return new RuleIndex(always, fields, wanted, patterns);
    }

    private static int[] packed(List<Integer> steps) {
        return steps.isEmpty()
                ? RuleIndex.NONE
                : steps.stream().mapToInt(Integer::intValue).toArray();
    }
}

package dev.gavel.policy.index;

import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Search;
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
 * Builds a {@link RuleIndex}: chooses the keys of each step and files the step under them. Among the keys that a
 * condition offers, those shared by the fewest steps are chosen, so that any packet wakes few steps.
 */
public final class RuleIndexBuilder {
    /**
     * A guard with at least this many ranges and patterns is not merged into the conditions of its policy's steps. If
     * at least this many steps are {@link #sparing}, they are filed under their patterns; fewer are always awake.
     */
    private static final int FEW = 16;

    /** Prefers the narrowest prefixes; never uses patterns. */
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

    /** The search that evaluating a condition always runs first; -1 if there is none or a field is read first. */
    private static final Condition.Cases<Integer> FIRST_SEARCH = new Condition.Cases<>() {
        @Override
        public Integer other(Condition condition) {
            return -1;
        }

        @Override
        public Integer and(Condition.And and) {
            return and.parts()[0].match(this);
        }

        @Override
        public Integer or(Condition.Or or) {
            return or.parts()[0].match(this);
        }

        @Override
        public Integer hit(Condition.Hit hit) {
            return hit.search();
        }
    };

    /**
     * A step to be put into the index.
     *
     * @param own the condition of the step
     * @param condition must be true for the step to match: {@code own}, combined with the policy's guard if that
     *     {@link #isBrief}
     * @param reach a number that is equal for steps whose policies apply to the same packets
     */
    public record Entry(Condition own, Condition condition, int reach) {}

    private final List<Entry> entries;
    private final List<Search> searches;
    private final StepSet always;
    private final Map<Field, Map<Prefix, Steps>> byPrefix = new EnumMap<>(Field.class);
    private final @Nullable Steps[][] byPattern; // indexed by search, then by pattern
    private final int[][] wanted;

    /**
     * For each pair of reach and search: the header prefixes that already trigger the search. Contains null if every
     * packet triggers it.
     */
    private final Map<Long, Set<@Nullable Prefix>> triggers = new HashMap<>();

    private RuleIndexBuilder(List<Entry> entries, List<Search> searches) {
        this.entries = entries;
        this.searches = searches;
        always = new StepSet(entries.size());
        wanted = new int[entries.size()][];
        Arrays.fill(wanted, RuleIndex.NONE);
        byPattern = new @Nullable Steps[searches.size()][];
        Arrays.setAll(
                byPattern,
                search -> new @Nullable Steps[searches.get(search).patterns().size()]);
    }

    /** Whether {@code guard} is short enough to be merged into the condition of each step of its policy. */
    public static boolean isBrief(Condition guard) {
        return guard != Condition.Constant.ALWAYS && Keys.breadth(guard) < FEW;
    }

    /**
     * Builds the index of {@code entries}, which are numbered by position; {@code searches} are those of the program.
     */
    public static RuleIndex build(List<Entry> entries, List<Search> searches) {
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
        Set<Integer> sparing = sparing(ungated);
        boolean few = sparing.size() < FEW;
        ungated.forEach((step, keys) -> {
            if (few && sparing.contains(step)) {
                always.add(step);
            } else {
                waitForHits(step, keys, null);
            }
        });
    }

    /**
     * The steps of {@code ungated} that should be tried for every packet, because their other tests may make a scan
     * unnecessary. A step is left out if the searches it needs run anyway, because it or an earlier step of the same
     * reach starts with them.
     */
    private Set<Integer> sparing(Map<Integer, Keys> ungated) {
        Set<Integer> sparing = new HashSet<>();
        Set<Long> scanned = new HashSet<>();
        ungated.forEach((step, keys) -> {
            Entry entry = entries.get(step);
            int first = entry.own().match(FIRST_SEARCH);
            if (first >= 0) {
                scanned.add(scan(entry.reach(), first));
            }
            if (!keys.hits().stream().allMatch(hit -> scanned.contains(scan(entry.reach(), hit.search())))) {
                sparing.add(step);
            }
        });
        return sparing;
    }

    /** Combines a reach and a search into one number. */
    private static long scan(int reach, int search) {
        return (long) reach << Integer.SIZE | search;
    }

    private void wake(Prefix prefix, int step) {
        byPrefix.computeIfAbsent(prefix.field(), field -> new HashMap<>())
                .computeIfAbsent(prefix, wanting -> new Steps())
                .add(step);
    }

    /**
     * Files {@code step} under the patterns of {@code keys}. {@code gate} holds prefixes of which a packet must have at
     * least one to match the step; null if no such prefixes are known.
     */
    private void waitForHits(int step, Keys keys, @Nullable List<Prefix> gate) {
        for (Condition.Hit hit : keys.hits()) {
            @Nullable Steps[] ofSearch = byPattern[hit.search()];
            for (int pattern : hit.patterns()) {
                Steps steps = ofSearch[pattern];
                if (steps == null) {
                    steps = new Steps();
                    ofSearch[pattern] = steps;
                }
                steps.add(step);
            }
        }
        int reach = entries.get(step).reach();
        wanted[step] = searches(keys.hits());
        for (int search : wanted[step]) {
            Set<@Nullable Prefix> known = triggers.computeIfAbsent(scan(reach, search), by -> new HashSet<>());
            if (gate == null && known.add(null)) {
                always.add(step);
            }
            for (Prefix prefix : gate == null ? List.<Prefix>of() : gate) {
                if (known.add(prefix)) {
                    wake(prefix, step);
                }
            }
        }
    }

    /** The distinct searches of {@code hits}. */
    private static int[] searches(List<Condition.Hit> hits) {
        return hits.size() == 1
                ? new int[] {hits.get(0).search()}
                : hits.stream().mapToInt(Condition.Hit::search).distinct().toArray();
    }

    private RuleIndex built() {
        List<FieldTable> fields = new ArrayList<>();
        byPrefix.forEach((field, steps) -> {
            Map<Prefix, int[]> packed = new HashMap<>();
            steps.forEach((prefix, list) -> packed.put(prefix, list.packed()));
            fields.add(new FieldTable(field, packed));
        });
        int[][][] patterns = new int[byPattern.length][][];
        for (int search = 0; search < patterns.length; search++) {
            patterns[search] = new int[byPattern[search].length][];
            for (int pattern = 0; pattern < patterns[search].length; pattern++) {
                Steps steps = byPattern[search][pattern];
                patterns[search][pattern] = steps == null ? RuleIndex.NONE : steps.packed();
            }
        }
        return new RuleIndex(always, fields, wanted, patterns);
    }

    /** A growing list of step numbers, in order of addition. Starts small because most keys have one step. */
    private static final class Steps {
        private int[] numbers = new int[1];
        private int size;

        void add(int step) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size++] = step;
        }

        int[] packed() {
            return Arrays.copyOf(numbers, size);
        }
    }
}

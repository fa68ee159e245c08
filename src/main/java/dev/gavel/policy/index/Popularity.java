package dev.gavel.policy.index;

import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Search;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cost of a key is the number of steps that could use it: a packet that has the key wakes at most that many. */
final class Popularity implements Keys.Cost {
    private final Map<Prefix, Integer> prefixes = new HashMap<>();
    private final int[][] patterns;

    /**
     * Counts the keys of {@code conditions}, which must be all conditions of a program; {@code searches} are the
     * searches of that program.
     */
    Popularity(List<Condition> conditions, List<Search> searches) {
        patterns = searches.stream()
                .map(search -> new int[search.patterns().size()])
                .toArray(int[][]::new);
        Keys.Cost counting = new Keys.Cost() {
            @Override
            public double of(Prefix prefix) {
                prefixes.merge(prefix, 1, Integer::sum);
                return 0;
            }

            @Override
            public double of(Condition.Hit hit) {
                for (int pattern : hit.patterns()) {
                    patterns[hit.search()][pattern]++;
                }
                return 0;
            }
        };
        conditions.forEach(condition -> Keys.of(condition, counting));
    }

    @Override
    public double of(Prefix prefix) {
        // prefers the narrower of two equally popular prefixes
        return prefixes.getOrDefault(prefix, 0) + prefix.share() / 2;
    }

    @Override
    public double of(Condition.Hit hit) {
        int most = 0;
        for (int pattern : hit.patterns()) {
            most = Math.max(most, patterns[hit.search()][pattern]);
        }
        return most + 0.75; // prefers an equally popular prefix, which is cheaper to look up
    }
}

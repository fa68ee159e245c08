package dev.gavel.policy.compile;

import dev.gavel.config.source.Place;
import dev.gavel.match.Matchers;
import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.match.pattern.Regex;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.syntax.ExpressionMistake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the patterns of all expressions of a program, and groups them by the bytes they search. Within a group,
 * equal patterns are searched once.
 */
final class Patterns {
    private record Range(Field bytes, int from, int to) {
        /**
         * Written by hand, like equals: both run for each test, and the generated methods of records are slow in a new
         * JVM.
         */
        @Override
        public int hashCode() {
            return (bytes.hashCode() * 31 + from) * 31 + to;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Range that && bytes == that.bytes && from == that.from && to == that.to;
        }
    }

    private record Gathered(int number, Map<Pattern, Integer> indices) {}

    /**
     * Limits on the patterns of one load, because the native library needs much memory to compile them and cannot be
     * interrupted.
     */
    record Limits(int patterns, long literalBytes, long regexCost, int searches) {
        static final Limits OF_A_LOAD =
                new Limits(Matchers.MAX_PATTERNS, Matchers.MAX_LITERAL_BYTES, Matchers.MAX_REGEX_COST, 256);
    }

    private final Limits limits;
    private int count;
    private long literalBytes;
    private long regexCost;
    private boolean tooMany; // true once a limit has been reported
    private final Map<Range, Gathered> searches = new LinkedHashMap<>();
    private final Map<Pattern, Place> places = new HashMap<>();

    Patterns() {
        this(Limits.OF_A_LOAD);
    }

    Patterns(Limits limits) {
        this.limits = limits;
    }

    /** Records the place of {@code pattern} in the policy files, unless it already has one. */
    void place(Pattern pattern, Place place) {
        places.putIfAbsent(pattern, place);
    }

    Map<Pattern, Place> places() {
        return Map.copyOf(places);
    }

    /**
     * Returns a condition that is true if one of {@code wanted} occurs in bytes {@code from} … {@code to - 1} of {@code
     * bytes}.
     *
     * @param at index of the test in its expression, for the error message if there are too many patterns
     */
    Condition hit(int at, Field bytes, int from, int to, List<? extends Pattern> wanted) throws ExpressionMistake {
        Range range = new Range(bytes, from, to);
        Gathered search = searches.get(range);
        if (search == null) {
            search = new Gathered(searches.size(), new LinkedHashMap<>());
            searches.put(range, search);
        }
        int[] indices = new int[wanted.size()];
        for (int i = 0; i < indices.length; i++) {
            Integer next = search.indices().size();
            Integer known = search.indices().putIfAbsent(wanted.get(i), next);
            if (known == null) {
                count(wanted.get(i));
            }
            indices[i] = known == null ? next : known;
        }
        checkLimits(at);
        return new Condition.Hit(search.number(), indices);
    }

    private void count(Pattern pattern) {
        count++;
        if (pattern instanceof Regex regex) {
            regexCost += regex.cost();
        } else {
            literalBytes += ((LiteralPattern) pattern).length();
        }
    }

    private void checkLimits(int at) throws ExpressionMistake {
        String wrong = excess();
        if (wrong != null && !tooMany) {
            tooMany = true;
            throw new ExpressionMistake(
                    at,
                    wrong,
                    "at most " + limits.patterns + " patterns, " + limits.literalBytes
                            + " bytes of literals, regular expressions that cost " + limits.regexCost
                            + " bytes, and slices of them in " + limits.searches + " places");
        }
    }

    /** Error message about the first limit exceeded; null if there is none. */
    private @Nullable String excess() {
        if (count > limits.patterns) {
            return "more than " + limits.patterns + " patterns in all policies";
        }
        if (literalBytes > limits.literalBytes) {
            return "more than " + limits.literalBytes + " bytes of literals in all policies";
        }
        if (regexCost > limits.regexCost) {
            return "regular expressions of all policies too costly together: as " + regexCost + " bytes";
        }
        return searches.size() > limits.searches
                ? "more than " + limits.searches + " slices with regular expressions"
                : null;
    }

    /** The searches, in the order of the numbers by which conditions refer to them. */
    List<Search> searches() {
        List<Search> all = new ArrayList<>();
        searches.forEach((range, gathered) -> all.add(new Search(
                range.bytes(),
                range.from(),
                range.to(),
                List.copyOf(gathered.indices().keySet()))));
        return List.copyOf(all);
    }
}

package dev.gavel.policy;

import dev.gavel.config.Place;
import dev.gavel.match.Pattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the patterns of all expressions of a program into searches, equal ones once. */
final class Patterns {
    private record Range(Field bytes, int from, int to) {}

    private record Gathered(int number, Map<Pattern, Integer> indices) {}

    private final Map<Range, Gathered> searches = new LinkedHashMap<>();
    private final Map<Pattern, Place> places = new HashMap<>();

    /** Says where {@code pattern} stands, if that is the first place. */
    void place(Pattern pattern, Place place) {
        places.putIfAbsent(pattern, place);
    }

    Map<Pattern, Place> places() {
        return Map.copyOf(places);
    }

    /** True when one of {@code wanted} occurs in bytes {@code from} … {@code to - 1} of {@code bytes}. */
    Condition hit(Field bytes, int from, int to, List<? extends Pattern> wanted) {
        Gathered search = searches.computeIfAbsent(
                new Range(bytes, from, to), range -> new Gathered(searches.size(), new LinkedHashMap<>()));
        int[] indices = new int[wanted.size()];
        for (int i = 0; i < indices.length; i++) {
            Integer next = search.indices().size();
            Integer known = search.indices().putIfAbsent(wanted.get(i), next);
            indices[i] = known == null ? next : known;
        }
        return new Condition.Hit(search.number(), indices);
    }

    /** In the order of their numbers. */
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

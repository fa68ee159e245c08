package dev.gavel.policy.index;

import dev.gavel.policy.condition.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a condition needs: it is false unless the packet's fields have, or may still turn out to have, one of {@code
 * prefixes}, or one of the patterns of {@code hits} is or may be found.
 *
 * @param cost the highest of a prefix or pattern
 */
record Keys(List<Prefix> prefixes, List<Condition.Hit> hits, double cost) {
    /** Longer sets of ranges are no keys: a list that many rules share would be copied for each. */
    private static final int MAX_RANGES = 128;

    /** What choosing a key costs. */
    interface Cost {
        double of(Prefix prefix);

        /** Of the dearest of its patterns; infinite: not to be used. */
        double of(Condition.Hit hit);
    }

    /** The cheapest keys of {@code condition}; null if it may be true of any packet. */
    static @Nullable Keys of(Condition condition, Cost cost) {
        if (condition instanceof Condition.And and) {
            return cheapest(and.parts(), cost);
        }
        if (condition instanceof Condition.Or or) {
            return union(or.parts(), cost);
        }
        if (condition instanceof Condition.Hit hit) {
            double price = cost.of(hit);
            return price == Double.POSITIVE_INFINITY ? null : new Keys(List.of(), List.of(hit), price);
        }
        List<Prefix> prefixes = prefixes(condition);
        if (prefixes == null) {
            return null;
        }
        double highest = 0;
        for (Prefix prefix : prefixes) {
            highest = Math.max(highest, cost.of(prefix));
        }
        return new Keys(prefixes, List.of(), highest);
    }

    /** How many ranges and patterns there are in {@code condition}, where {@link #of} looks for keys. */
    static int breadth(Condition condition) {
        if (condition instanceof Condition.And and) {
            return breadth(and.parts());
        }
        if (condition instanceof Condition.Or or) {
            return breadth(or.parts());
        }
        if (condition instanceof Condition.Hit hit) {
            return hit.patterns().length;
        }
        if (condition instanceof Condition.NumberIn in) {
            return in.ranges().size();
        }
        return condition instanceof Condition.AddressIn in ? in.addresses().size() : 0;
    }

    private static int breadth(Condition... parts) {
        int sum = 0;
        for (Condition part : parts) {
            sum += breadth(part);
        }
        return sum;
    }

    /** Of equally cheap ones the last: what holds for most packets, such as a guard, is written first. */
    private static @Nullable Keys cheapest(Condition[] parts, Cost cost) {
        Keys cheapest = null;
        for (Condition part : parts) {
            Keys keys = of(part, cost);
            if (keys != null && (cheapest == null || keys.cost <= cheapest.cost)) {
                cheapest = keys;
            }
        }
        return cheapest;
    }

    private static @Nullable Keys union(Condition[] parts, Cost cost) {
        List<Prefix> prefixes = new ArrayList<>();
        List<Condition.Hit> hits = new ArrayList<>();
        double highest = 0;
        for (Condition part : parts) {
            Keys keys = of(part, cost);
            if (keys == null) {
                return null;
            }
            prefixes.addAll(keys.prefixes);
            hits.addAll(keys.hits);
            highest = Math.max(highest, keys.cost);
        }
        return new Keys(prefixes, hits, highest);
    }

    /** Null if there are none: of an open field even an empty set of numbers is open. */
    private static @Nullable List<Prefix> prefixes(Condition condition) {
        List<Prefix> prefixes = new ArrayList<>();
        if (condition instanceof Condition.NumberIn in && in.mask() == -1 && breadth(in) <= MAX_RANGES) {
            in.ranges().ranges().forEach(range -> Prefix.cover(in.field(), range, prefixes));
        } else if (condition instanceof Condition.AddressIn in && breadth(in) <= MAX_RANGES) {
            in.addresses().ranges().forEach(range -> Prefix.cover(in.field(), range, prefixes));
        }
        return prefixes.isEmpty() ? null : prefixes;
    }
}

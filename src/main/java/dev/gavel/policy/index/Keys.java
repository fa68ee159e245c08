package dev.gavel.policy.index;

import dev.gavel.policy.condition.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a condition: a packet that has none of {@code prefixes} in its fields and none of the patterns in {@code
 * hits} cannot match the condition. A field that is still open counts as having every prefix, and a search that is
 * still open as having every hit.
 *
 * @param cost the highest cost of a single prefix or pattern
 */
record Keys(List<Prefix> prefixes, List<Condition.Hit> hits, double cost) {
    /**
     * Sets with more ranges than this are not used as keys, because a list shared by many rules would be copied for
     * each.
     */
    private static final int MAX_RANGES = 128;

    /** Stands for a part of a condition that has no keys. */
    private static final Keys NONE = new Keys(List.of(), List.of(), Double.POSITIVE_INFINITY);

    private static final Condition.Cases<Integer> BREADTH = new Condition.Cases<>() {
        @Override
        public Integer other(Condition condition) {
            return 0;
        }

        @Override
        public Integer and(Condition.And and) {
            return sum(and.parts());
        }

        @Override
        public Integer or(Condition.Or or) {
            return sum(or.parts());
        }

        @Override
        public Integer numberIn(Condition.NumberIn in) {
            return in.ranges().size();
        }

        @Override
        public Integer addressIn(Condition.AddressIn in) {
            return in.addresses().size();
        }

        @Override
        public Integer hit(Condition.Hit hit) {
            return hit.patterns().length;
        }

        private int sum(Condition... parts) {
            return Arrays.stream(parts).mapToInt(Keys::breadth).sum();
        }
    };

    /** The cost of using a key; the keys with the lowest cost are chosen. */
    interface Cost {
        double of(Prefix prefix);

        /** The cost of the most expensive pattern of {@code hit}; infinite if the hit must not be used as a key. */
        double of(Condition.Hit hit);
    }

    private boolean isNone() {
        return cost == Double.POSITIVE_INFINITY;
    }

    /** The cheapest keys of {@code condition}; null if no keys are known that every matching packet must have. */
    static @Nullable Keys of(Condition condition, Cost cost) {
        Keys keys = condition.match(new Choice(cost));
        return keys.isNone() ? null : keys;
    }

    /** The number of ranges and patterns in the parts of {@code condition} that {@link #of} examines for keys. */
    static int breadth(Condition condition) {
        return condition.match(BREADTH);
    }

    /** Chooses the cheapest keys of a condition; {@link #NONE} if it has none. */
    private record Choice(Cost costs) implements Condition.Cases<Keys> {
        @Override
        public Keys other(Condition condition) {
            return NONE;
        }

        /**
         * The keys of the cheapest part. If parts are equally cheap, the last one wins, because conditions that hold
         * for most packets, such as a guard, tend to be written first.
         */
        @Override
        public Keys and(Condition.And and) {
            Keys cheapest = NONE;
            for (Condition part : and.parts()) {
                Keys keys = part.match(this);
                if (keys.cost <= cheapest.cost) {
                    cheapest = keys;
                }
            }
            return cheapest;
        }

        /** The keys of all parts together; none if one part has none. */
        @Override
        public Keys or(Condition.Or or) {
            List<Prefix> prefixes = new ArrayList<>();
            List<Condition.Hit> hits = new ArrayList<>();
            double highest = 0;
            for (Condition part : or.parts()) {
                Keys keys = part.match(this);
                if (keys.isNone()) {
                    return NONE;
                }
                prefixes.addAll(keys.prefixes);
                hits.addAll(keys.hits);
                highest = Math.max(highest, keys.cost);
            }
            return new Keys(prefixes, hits, highest);
        }

        @Override
        public Keys numberIn(Condition.NumberIn in) {
            List<Prefix> prefixes = new ArrayList<>();
            if (in.mask() == -1 && in.ranges().size() <= MAX_RANGES) {
                in.ranges().ranges().forEach(range -> Prefix.cover(in.field(), range, prefixes));
            }
            return keys(prefixes);
        }

        @Override
        public Keys addressIn(Condition.AddressIn in) {
            List<Prefix> prefixes = new ArrayList<>();
            if (in.addresses().size() <= MAX_RANGES) {
                in.addresses().ranges().forEach(range -> Prefix.cover(in.field(), range, prefixes));
            }
            return keys(prefixes);
        }

        @Override
        public Keys hit(Condition.Hit hit) {
            double cost = costs.of(hit);
            return cost == Double.POSITIVE_INFINITY ? NONE : new Keys(List.of(), List.of(hit), cost);
        }

        /**
         * {@link #NONE} if {@code prefixes} is empty. An empty set must not count as keys that never match, because a
         * test for an empty set is open while its field is open.
         */
        private Keys keys(List<Prefix> prefixes) {
            if (prefixes.isEmpty()) {
                return NONE;
            }
            double highest = 0;
            for (Prefix prefix : prefixes) {
                highest = Math.max(highest, costs.of(prefix));
            }
            return new Keys(prefixes, List.of(), highest);
        }
    }
}

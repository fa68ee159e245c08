package dev.gavel.policy.condition;

import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Truth;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A compiled expression. Immutable, shared by threads; evaluating one allocates nothing and recurses at most 64 levels
 * deep.
 */
@SuppressWarnings("ArrayRecordComponent") // conditions are never compared
public sealed interface Condition {
    Truth value(Facts facts);

    /** Calls the method of {@code cases} for this kind of condition, and returns its result. */
    default <T> T match(Cases<T> cases) {
        return cases.other(this);
    }

    /** This condition, with each noted test in it replaced by the result of {@code by}. */
    default Condition replaceNoted(Function<Noted, Condition> by) {
        return this;
    }

    /** This condition without notes, which only explanations need; saves one call for each test. */
    default Condition plain() {
        return replaceNoted(Noted::test);
    }

    /** Whether evaluating this condition may search the packet's bytes for patterns, rather than read headers only. */
    default boolean asksForBytes() {
        return false;
    }

    /**
     * A visitor with one method for each kind of condition that code outside this package must distinguish. A method
     * that is not overridden calls {@link #other}. The parts of a condition are visited only if the method does so
     * itself.
     */
    interface Cases<T> {
        T other(Condition condition);

        default T and(And and) {
            return other(and);
        }

        default T or(Or or) {
            return other(or);
        }

        default T numberIn(NumberIn in) {
            return other(in);
        }

        default T addressIn(AddressIn in) {
            return other(in);
        }

        default T hit(Hit hit) {
            return other(hit);
        }
    }

    private static boolean anyAsksForBytes(Condition... parts) {
        return Arrays.stream(parts).anyMatch(Condition::asksForBytes);
    }

    private static Condition[] replaceNoted(Function<Noted, Condition> by, Condition... parts) {
        return Arrays.stream(parts).map(part -> part.replaceNoted(by)).toArray(Condition[]::new);
    }

    /** A condition with the same value for every packet. */
    record Constant(Truth value) implements Condition {
        public static final Condition ALWAYS = new Constant(Truth.TRUE);
        public static final Condition NEVER = new Constant(Truth.FALSE);

        @Override
        public Truth value(Facts facts) {
            return value;
        }
    }

    /** A single test with its source text, which is characters {@code at} to {@code end}-1 of {@code when}. */
    record Noted(Condition test, String when, int at, int end, FieldName field) implements Condition {
        @Override
        public Truth value(Facts facts) {
            return test.value(facts);
        }

        @Override
        public Condition replaceNoted(Function<Noted, Condition> by) {
            return by.apply(this);
        }

        @Override
        public boolean asksForBytes() {
            return test.asksForBytes();
        }

        /** The source text of the test, on one line. */
        public String text() {
            return when.substring(at, end).strip().replaceAll("\\s*\\R\\s*", " ");
        }
    }

    /** A noted test that passes its value to {@code watcher} each time it is evaluated. */
    record Watched(Noted test, BiConsumer<Noted, Truth> watcher) implements Condition {
        @Override
        public Truth value(Facts facts) {
            Truth value = test.value(facts);
            watcher.accept(test, value);
            return value;
        }

        @Override
        public boolean asksForBytes() {
            return test.asksForBytes();
        }
    }

    /** True if all parts are true. Evaluates the parts in order, up to the first false one. */
    record And(Condition... parts) implements Condition {
        @Override
        public Truth value(Facts facts) {
            Truth value = Truth.TRUE;
            for (int i = 0; i < parts.length && value != Truth.FALSE; i++) {
                value = value.and(parts[i].value(facts));
            }
            return value;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.and(this);
        }

        @Override
        public Condition replaceNoted(Function<Noted, Condition> by) {
            return new And(Condition.replaceNoted(by, parts));
        }

        @Override
        public boolean asksForBytes() {
            return anyAsksForBytes(parts);
        }
    }

    /** True if at least one part is true. Evaluates the parts in order, up to the first true one. */
    record Or(Condition... parts) implements Condition {
        @Override
        public Truth value(Facts facts) {
            Truth value = Truth.FALSE;
            for (int i = 0; i < parts.length && value != Truth.TRUE; i++) {
                value = value.or(parts[i].value(facts));
            }
            return value;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.or(this);
        }

        @Override
        public Condition replaceNoted(Function<Noted, Condition> by) {
            return new Or(Condition.replaceNoted(by, parts));
        }

        @Override
        public boolean asksForBytes() {
            return anyAsksForBytes(parts);
        }
    }

    /** True if its part is false. */
    record Not(Condition part) implements Condition {
        @Override
        public Truth value(Facts facts) {
            return part.value(facts).not();
        }

        @Override
        public Condition replaceNoted(Function<Noted, Condition> by) {
            return new Not(part.replaceNoted(by));
        }

        @Override
        public boolean asksForBytes() {
            return part.asksForBytes();
        }
    }

    /** True if the packet has the field. */
    record Present(Field field) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long number = facts.number(field);
            return number == Facts.OPEN ? Truth.OPEN : Truth.of(number != Facts.ABSENT);
        }
    }

    /** True if the value of the field, masked by {@code mask}, lies in one of the ranges. */
    record NumberIn(Field field, long mask, NumberRanges ranges) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long number = facts.number(field);
            if (number < 0) {
                return number == Facts.OPEN ? Truth.OPEN : Truth.FALSE;
            }
            return Truth.of(ranges.contains(number & mask));
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.numberIn(this);
        }
    }

    /** True if the address is in the set. */
    record AddressIn(Field field, AddressSet addresses) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long version = facts.number(field);
            if (version < 0) {
                return version == Facts.OPEN ? Truth.OPEN : Truth.FALSE;
            }
            return Truth.of(
                    version == 4
                            ? addresses.containsIpv4(facts.addressLow(field))
                            : addresses.containsIpv6(facts.addressHigh(field), facts.addressLow(field)));
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.addressIn(this);
        }
    }

    /** True if the text has the relation of the test to at least one of its operands, such as starting with it. */
    record TextIs(Field field, TextTest test) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long there = facts.number(field);
            if (there < 0) {
                return there == Facts.OPEN ? Truth.OPEN : Truth.FALSE;
            }
            return Truth.of(test.matches(facts.text(field)));
        }
    }

    /** True if the regular expression matches the text. */
    record TextMatches(Field field, TextRegex regex) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long there = facts.number(field);
            if (there < 0) {
                return there == Facts.OPEN ? Truth.OPEN : Truth.FALSE;
            }
            return regex.value(facts.text(field));
        }
    }

    /** True if at least one of these patterns of a search is found. */
    record Hit(int search, int... patterns) implements Condition {
        @Override
        public Truth value(Facts facts) {
            Truth value = Truth.FALSE;
            for (int i = 0; i < patterns.length && value != Truth.TRUE; i++) {
                value = value.or(facts.hit(search, patterns[i]));
            }
            return value;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.hit(this);
        }

        @Override
        public boolean asksForBytes() {
            return true;
        }
    }
}

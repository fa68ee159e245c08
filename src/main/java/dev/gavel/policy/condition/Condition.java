package dev.gavel.policy.condition;

import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Truth;
import java.util.Arrays;

/** A compiled expression. Immutable, shared by threads; evaluating allocates nothing and goes at most 64 levels deep. */
@SuppressWarnings("ArrayRecordComponent") // conditions are never compared
public interface Condition {
    Condition ALWAYS = facts -> Truth.TRUE;
    Condition NEVER = facts -> Truth.FALSE;

    Truth value(Facts facts);

    /** The same without notes, which only explanations need: one call less a test. */
    default Condition plain() {
        return this;
    }

    /** Whether it asks for patterns in the packet's bytes, and not for headers only. */
    default boolean asksForBytes() {
        return false;
    }

    private static boolean anyAsksForBytes(Condition... parts) {
        return Arrays.stream(parts).anyMatch(Condition::asksForBytes);
    }

    /** The condition of a single test, with how it is written: characters {@code at} to {@code end}-1 of {@code when}. */
    record Noted(Condition test, String when, int at, int end, FieldName field) implements Condition {
        @Override
        public Truth value(Facts facts) {
            return test.value(facts);
        }

        @Override
        public Condition plain() {
            return test;
        }

        @Override
        public boolean asksForBytes() {
            return test.asksForBytes();
        }

        /** As the policy writes it, on one line. */
        public String text() {
            return when.substring(at, end).strip().replaceAll("\\s*\\R\\s*", " ");
        }
    }

    private static Condition[] plain(Condition... parts) {
        Condition[] plain = new Condition[parts.length];
        for (int i = 0; i < parts.length; i++) {
            plain[i] = parts[i].plain();
        }
        return plain;
    }

    /** True when all are. */
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
        public Condition plain() {
            return new And(Condition.plain(parts));
        }

        @Override
        public boolean asksForBytes() {
            return anyAsksForBytes(parts);
        }
    }

    /** True when one is. */
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
        public Condition plain() {
            return new Or(Condition.plain(parts));
        }

        @Override
        public boolean asksForBytes() {
            return anyAsksForBytes(parts);
        }
    }

    /** True when the other is false. */
    record Not(Condition part) implements Condition {
        @Override
        public Truth value(Facts facts) {
            return part.value(facts).not();
        }

        @Override
        public Condition plain() {
            return new Not(part.plain());
        }

        @Override
        public boolean asksForBytes() {
            return part.asksForBytes();
        }
    }

    /** True when the packet has the field. */
    record Present(Field field) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long number = facts.number(field);
            return number == Facts.OPEN ? Truth.OPEN : Truth.of(number != Facts.ABSENT);
        }
    }

    /** True when the number, of which only the bits of {@code mask} count, lies in one of the ranges. */
    record NumberIn(Field field, long mask, NumberRanges ranges) implements Condition {
        @Override
        public Truth value(Facts facts) {
            long number = facts.number(field);
            if (number < 0) {
                return number == Facts.OPEN ? Truth.OPEN : Truth.FALSE;
            }
            return Truth.of(ranges.contains(number & mask));
        }
    }

    /** True when the address is in the set. */
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
    }

    /** True when the text stands in the test's relation to one of its operands. */
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

    /** True when the regular expression matches the text. */
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

    /** True when one of the patterns of a search is found. */
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
        public boolean asksForBytes() {
            return true;
        }
    }
}

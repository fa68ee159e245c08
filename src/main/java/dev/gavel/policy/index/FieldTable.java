package dev.gavel.policy.index;

import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds the steps that may match a packet, given the value of one of its fields. Immutable. */
final class FieldTable {
    private final Field field;
    private final @Nullable PrefixTable narrow; // prefixes of numbers and IPv4 addresses
    private final @Nullable PrefixTable wide; // prefixes of IPv6 addresses
    private final int[] all;

    /** {@code steps} holds, for each prefix of {@code field}, the numbers of the steps filed under it. */
    FieldTable(Field field, Map<Prefix, int[]> steps) {
        this.field = field;
        Map<Prefix, int[]> narrowOnes = new HashMap<>();
        Map<Prefix, int[]> wideOnes = new HashMap<>();
        steps.forEach(
                (prefix, numbers) -> (prefix.bits() == Prefix.IPV6_BITS ? wideOnes : narrowOnes).put(prefix, numbers));
        narrow = table(narrowOnes);
        wide = table(wideOnes);
        all = steps.values().stream().flatMapToInt(IntStream::of).distinct().toArray();
    }

    private static @Nullable PrefixTable table(Map<Prefix, int[]> steps) {
        return steps.isEmpty() ? null : new PrefixTable(steps);
    }

    /** Adds the steps filed under a prefix of the packet's value; all steps of this table if the field is open. */
    void find(Facts facts, StepSet into) {
        long number = facts.number(field);
        if (number == Facts.OPEN) {
            into.addAll(all);
        } else if (number == Facts.ABSENT) {
            return;
        } else if (field.kind() != Kind.ADDRESS) {
            find(narrow, 0, Prefix.clamp(number, field.width()), into);
        } else {
            find(number == 4 ? narrow : wide, facts.addressHigh(field), facts.addressLow(field), into);
        }
    }

    private static void find(@Nullable PrefixTable table, long high, long low, StepSet into) {
        if (table != null) {
            table.find(high, low, into);
        }
    }
}

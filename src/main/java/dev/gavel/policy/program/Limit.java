package dev.gavel.policy.program;

import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.facts.Truth;
import org.jspecify.annotations.Nullable;

/** A rule's limit, compiled: says which packets exceed the rate. Shared by threads; evaluating allocates nothing. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Limit(Amount amount, Buckets buckets, Per... per) {
    /** What a packet takes of its bucket. */
    public enum Amount {
        ONE,
        ITS_LENGTH
    }

    /** One field whose values have buckets of their own: bits {@code bits} of it, where {@code only} is true. */
    public record Per(Field field, @Nullable Field only, long bits) {}

    /**
     * True for a packet whose bucket is empty; false, with a token taken, where there is one, and without where a field
     * of {@code per} is absent; open where one is.
     */
    Truth exceededBy(Facts facts) {
        long key = buckets.emptyKey();
        for (Per part : per) {
            long only = part.only == null ? 1 : facts.number(part.only);
            long number = only == 0 ? Facts.ABSENT : only == 1 ? facts.number(part.field) : only;
            if (number < 0) {
                return number == Facts.OPEN ? Truth.OPEN : Truth.FALSE;
            }
            key = buckets.key(key, number & part.bits);
            if (part.field.kind() == Kind.ADDRESS) { // of which the number is the version
                key = buckets.key(key, facts.addressHigh(part.field));
                key = buckets.key(key, facts.addressLow(part.field));
            }
        }
        long tokens = amount == Amount.ONE ? 1 : facts.number(Field.LENGTH);
        return Truth.of(!buckets.take(key, facts.receivedNs(), tokens));
    }
}

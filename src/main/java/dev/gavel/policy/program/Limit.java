package dev.gavel.policy.program;

import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.facts.Truth;
import org.jspecify.annotations.Nullable;

/** A rule's limit, compiled: says which packets exceed the rate. Shared by threads; evaluating allocates nothing. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Limit(Amount amount, Buckets buckets, Per... per) {
    /** How many tokens a packet takes from its bucket. */
    public enum Amount {
        ONE,
        ITS_LENGTH
    }

    /**
     * A field of which each value, masked by {@code bits}, has a bucket of its own. It counts as absent in packets for
     * which the boolean field {@code only} is not true.
     */
    public record Per(Field field, @Nullable Field only, long bits) {}

    /**
     * TRUE if the rate is exceeded. FALSE otherwise, and then takes the packet's tokens, unless a {@code per} field is
     * absent. OPEN if a {@code per} field is still unknown.
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
            if (part.field.kind() == Kind.ADDRESS) { // whose number is the IP version
                key = buckets.key(key, facts.addressHigh(part.field));
                key = buckets.key(key, facts.addressLow(part.field));
            }
        }
        long tokens = amount == Amount.ONE ? 1 : facts.number(Field.LENGTH);
        return Truth.of(!buckets.take(key, facts.receivedNs(), tokens));
    }
}

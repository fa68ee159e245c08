package dev.gavel.policy.program;

import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.facts.Truth;
import org.jspecify.annotations.Nullable;

/**
 * The compiled limit of a rule, which tells whether a packet exceeds the rate. Shared by threads; evaluating allocates
 * nothing.
 */
@SuppressWarnings("ArrayRecordComponent") // limits are never compared
public record Limit(Amount amount, Buckets buckets, Per... per) {
    /** How many tokens a packet takes from its bucket. */
    public enum Amount {
        ONE,
        ITS_LENGTH
    }

    /**
     * A field whose values, masked by {@code bits}, each have their own bucket. The field counts as absent in packets
     * for which the boolean field {@code only} is not true.
     */
    public record Per(Field field, @Nullable Field only, long bits) {}

    /**
     * TRUE if the rate is exceeded. FALSE if it is not, in which case the packet's tokens are taken, or if a {@code
     * per} field is absent, in which case none are. OPEN if a {@code per} field is still unknown.
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
            if (part.field.kind() == Kind.ADDRESS) { // the number of an address field is the IP version
                key = buckets.key(key, facts.addressHigh(part.field));
                key = buckets.key(key, facts.addressLow(part.field));
            }
        }
        long tokens = amount == Amount.ONE ? 1 : facts.number(Field.LENGTH);
        return Truth.of(!buckets.take(key, facts.receivedNs(), tokens));
    }
}

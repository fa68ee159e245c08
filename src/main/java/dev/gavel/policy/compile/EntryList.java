package dev.gavel.policy.compile;

import dev.gavel.policy.condition.AddressSet;
import dev.gavel.policy.condition.DomainSet;
import dev.gavel.policy.condition.NumberRanges;
import java.util.List;

/** The entries of one list, in the form that conditions use. Immutable; all conditions that name the list share it. */
sealed interface EntryList {
    /** A list of type net. */
    record Nets(AddressSet addresses) implements EntryList {}

    /** A list of type port. */
    record Ports(NumberRanges ports) implements EntryList {}

    /** A list of type domain. */
    record Domains(DomainSet names) implements EntryList {}

    /** A list of type string; the texts are UTF-8 bytes. */
    record Strings(List<byte[]> texts) implements EntryList {
        public Strings {
            texts = List.copyOf(texts);
        }
    }
}

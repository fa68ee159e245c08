package dev.gavel.policy.syntax;

import org.jspecify.annotations.Nullable;

/** Addresses of one IP version from {@code first} to {@code last}, both included. */
public record AddressRange(Address first, Address last) {
    /**
     * The range from {@code first} to {@code last}. If {@code last} is null, the range covers the address or prefix
     * {@code first}.
     */
    public static AddressRange of(Literal.Net first, Literal.@Nullable Net last) throws ExpressionMistake {
        if (last == null) {
            return new AddressRange(first.first(), first.last());
        }
        if (first.isPrefix() || last.isPrefix()) {
            throw new ExpressionMistake(first.at(), "range of prefixes", "a prefix, or a range of two addresses");
        }
        if (first.first().version() != last.last().version()) {
            throw new ExpressionMistake(first.at(), "range from IPv4 to IPv6", "two addresses of one version");
        }
        if (first.first().compareTo(last.last()) > 0) {
            throw new ExpressionMistake(first.at(), "empty range", "the lower end first");
        }
        return new AddressRange(first.first(), last.last());
    }
}

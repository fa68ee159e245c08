package dev.gavel.policy.facts;

/** The type of a field: decides which operators and values go with it. */
public enum Kind {
    NUMBER("a number"),
    BOOLEAN("true or false"),
    /** A number of which the language knows only the names, such as a hook. */
    WORD("a word"),
    ADDRESS("an address"),
    /** An Ethernet address, as a number of 48 bits. */
    MAC("a MAC address"),
    TEXT("text"),
    /** Bytes of the packet; the language can only search them for patterns. */
    BYTES("bytes");

    private final String description;

    Kind(String description) {
        this.description = description;
    }

    /** For messages: {@code a number}, {@code bytes}. */
    public String description() {
        return description;
    }
}

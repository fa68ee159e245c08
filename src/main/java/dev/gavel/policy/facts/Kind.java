package dev.gavel.policy.facts;

/** The type of a field, which determines the operators and values it may be compared with. */
public enum Kind {
    NUMBER("a number"),
    BOOLEAN("true or false"),
    /** A number that expressions can write only by name, such as a hook. */
    WORD("a word"),
    ADDRESS("an address"),
    /** An Ethernet address as a 48-bit number. */
    MAC("a MAC address"),
    TEXT("text"),
    /** Bytes of the packet; the language can only search them for patterns. */
    BYTES("bytes");

    private final String description;

    Kind(String description) {
        this.description = description;
    }

    /** Phrase for messages, such as {@code a number} or {@code bytes}. */
    public String description() {
        return description;
    }
}

package dev.gavel.match.pattern;

/** Whether upper and lower case differ in a pattern. */
public enum Case {
    SENSITIVE,
    /** A–Z match a–z and the reverse. Only ASCII is folded: any other byte matches only itself. */
    INSENSITIVE;

    /** {@code b} in lower case if it is one of A–Z, else {@code b} itself. */
    public static byte fold(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}

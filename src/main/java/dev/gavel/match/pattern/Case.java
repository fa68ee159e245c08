package dev.gavel.match.pattern;

/** Whether a pattern's letters stand for themselves only. */
public enum Case {
    SENSITIVE,
    /** A–Z and a–z are the same; all other bytes, also those of letters beyond ASCII, stand for themselves. */
    INSENSITIVE;

    /** The lower-case letter for one of A–Z, else {@code b} itself. */
    public static byte fold(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}

package dev.gavel.match.pattern;

/** What is searched for in a range of bytes. Immutable. */
public sealed interface Pattern permits LiteralPattern, Regex {
    /** First byte of the range behind a hit at the latest; {@link Integer#MAX_VALUE}: no end. */
    int to();

    /** Whether it matters to a hit where the range ends: with more bytes behind, it might be none. */
    boolean dependsOnEnd();
}

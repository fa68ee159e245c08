package dev.gavel.match.pattern;

/** Something to search a range of bytes for. Immutable. */
public sealed interface Pattern permits LiteralPattern, Regex {
    /** The latest index in the range at which a hit may end (exclusive); {@link Integer#MAX_VALUE}: unlimited. */
    int to();

    /** Whether a hit depends on where the range ends: further bytes after it could invalidate the hit. */
    boolean dependsOnEnd();
}

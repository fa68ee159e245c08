package dev.gavel.match;

import dev.gavel.match.pattern.Pattern;
import org.jspecify.annotations.Nullable;

/** Thrown for well-formed patterns that a matcher cannot compile: too large, or not supported by its engine. */
public final class PatternRefusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Pattern pattern;

    /** Rejects {@code pattern}; {@code why} is the engine's own reason, without final punctuation. */
    public PatternRefusal(@Nullable Pattern pattern, String why) {
        super(why);
        this.pattern = pattern;
    }

    /** The rejected pattern; null if the engine blames no single one. */
    public @Nullable Pattern pattern() {
        return pattern;
    }
}

package dev.gavel.match;

import dev.gavel.match.pattern.Pattern;
import org.jspecify.annotations.Nullable;

/** Patterns that a matcher cannot compile, although they are well formed: too large, or beyond what its engine knows. */
public final class PatternRefusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Pattern pattern;

    /** {@code why} is the engine's own reason, without an end. */
    public PatternRefusal(@Nullable Pattern pattern, String why) {
        super(why);
        this.pattern = pattern;
    }

    /** The one that is to blame; null if none is alone. */
    public @Nullable Pattern pattern() {
        return pattern;
    }
}

package dev.gavel.match;

/** A pattern that a matcher cannot compile, although it is well formed: too large, or beyond what its engine knows. */
public final class PatternRefusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient Pattern pattern;
    private final String why;

    /** {@code why} is the engine's own reason, without an end. */
    public PatternRefusal(Pattern pattern, String why) {
        super("pattern " + pattern + " cannot be compiled: " + why);
        this.pattern = pattern;
        this.why = why;
    }

    public Pattern pattern() {
        return pattern;
    }

    public String why() {
        return why;
    }
}

package dev.gavel.policy.syntax;

/** A mistake in an expression; {@code index} is its place in the text of the expression. */
public final class ExpressionMistake extends Exception {
    private static final long serialVersionUID = 1;

    private final int index;
    private final boolean unclosed;

    private ExpressionMistake(int index, String message, boolean unclosed) {
        super(message, null, false, false);
        this.index = index;
        this.unclosed = unclosed;
    }

    public ExpressionMistake(int index, String wrong, String expected) {
        this(index, wrong + "; expected " + expected, false);
    }

    /** A literal without its closing character. YAML may have cut the text there, for example at a comment. */
    static ExpressionMistake unclosed(int index, String wrong, String expected) {
        return new ExpressionMistake(index, wrong + "; expected " + expected, true);
    }

    /** For a feature that the language defines but this version does not support. */
    public static ExpressionMistake notYet(int index, String what) {
        return new ExpressionMistake(index, what + " is not yet supported in this version; remove it", false);
    }

    public int index() {
        return index;
    }

    public boolean isUnclosed() {
        return unclosed;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}

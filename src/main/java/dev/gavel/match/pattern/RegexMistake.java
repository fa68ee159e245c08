package dev.gavel.match.pattern;

/** A mistake in the text of a regular expression, with its place. */
public final class RegexMistake extends Exception {
    private static final long serialVersionUID = 1;

    private final int index;
    private final String wrong;
    private final String expected;

    RegexMistake(int index, String wrong, String expected) {
        super(wrong + "; expected " + expected, null, false, false);
        this.index = index;
        this.wrong = wrong;
        this.expected = expected;
    }

    /** Index of the offending {@code char} in the expression; the expression's length if it ends too early. */
    public int index() {
        return index;
    }

    /** What is wrong, as a phrase without final punctuation. */
    public String wrong() {
        return wrong;
    }

    /** What is expected instead, as a phrase that follows the word "expected" in a message. */
    public String expected() {
        return expected;
    }
}

package dev.gavel.match.pattern;

/** A mistake in a regular expression, at an index of its text. */
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

    /** Of the offending {@code char} in the expression's text; the text's length if the text ends too early. */
    public int index() {
        return index;
    }

    /** What is wrong, without an end. */
    public String wrong() {
        return wrong;
    }

    /** What should stand there, to be read behind "expected". */
    public String expected() {
        return expected;
    }
}

package dev.gavel.config.source;

import org.jspecify.annotations.Nullable;

/**
 * The text of one YAML scalar that still knows where in its file each of its characters stands, whatever quoting,
 * doubling of quotes or folding lies between. Immutable.
 */
public final class SourceText {
    /** How a scalar is written. */
    public enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        /** After {@code |} or {@code >}. */
        BLOCK
    }

    private final String value;
    private final SourceFile file;
    private final Style style;
    private final int start;
    private final int end;
    private final Place place;

    /** {@code start} to {@code end}-1 are the offsets of the scalar in the file, quotes or block header included. */
    public SourceText(String value, SourceFile file, Style style, int start, int end, Place place) {
        this.value = value;
        this.file = file;
        this.style = style;
        this.start = start;
        this.end = end;
        this.place = place;
    }

    /** A text that is a file of its own, as if it stood there from line 1, column 1 on. */
    public static SourceText of(String name, String value) {
        return new SourceText(value, new SourceFile(name, value), Style.PLAIN, 0, value.length(), Place.start(name));
    }

    public String value() {
        return value;
    }

    /** Where the scalar begins, with its quote or block header. */
    public Place place() {
        return place;
    }

    /**
     * Where the character at {@code index} of {@link #value} stands; the end, for the index after the last. Exact
     * unless the scalar has escapes. White space that folding made points near its source.
     */
    public Place at(int index) {
        if (index < 0 || index > value.length()) {
            throw new IllegalArgumentException("index " + index + " (expected: 0 to " + value.length() + ")");
        }
        SourceFile.Walk walk = contentStart();
        for (int i = 0; i < index; i++) {
            char wanted = value.charAt(i);
            if (!isBlank(wanted)) {
                skipBlanks(walk);
            }
            boolean foldedAway = isBlank(wanted)
                    && walk.offset() < end
                    && !isBlank(file.text().charAt(walk.offset()));
            if (walk.offset() < end && !foldedAway) {
                step(walk, wanted);
            }
        }
        if (index < value.length() && !isBlank(value.charAt(index))) {
            skipBlanks(walk);
        }
        return walk.place();
    }

    private void step(SourceFile.Walk walk, char taken) {
        if (Character.isLowSurrogate(taken)) {
            return; // went by with its high one
        }
        walk.next();
        if (taken == '\'' && style == Style.SINGLE_QUOTED) {
            walk.next();
        }
    }

    private void skipBlanks(SourceFile.Walk walk) {
        while (walk.offset() < end && isBlank(file.text().charAt(walk.offset()))) {
            walk.next();
        }
    }

    private SourceFile.Walk contentStart() {
        SourceFile.Walk walk = new SourceFile.Walk(file, start, place.line(), place.column());
        switch (style) {
            case PLAIN -> {}
            case SINGLE_QUOTED, DOUBLE_QUOTED -> walk.next();
            case BLOCK -> {
                while (walk.offset() < end && walk.place().line() == place.line()) {
                    walk.next();
                }
            }
        }
        return walk;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /** The first backslash of a double-quoted scalar, where YAML eats it; null if there is none. */
    @Nullable
    public Place escape() {
        int backslash = style == Style.DOUBLE_QUOTED ? file.text().indexOf('\\', start) : -1;
        return backslash < 0 || backslash >= end
                ? null
                : new SourceFile.Walk(file, start, place.line(), place.column())
                        .to(backslash)
                        .place();
    }

    /** Whether YAML ended a plain scalar at {@code  #}: what follows it was taken for a comment. */
    public boolean isCutByComment() {
        int at = end;
        while (at < file.text().length()
                && (file.text().charAt(at) == ' ' || file.text().charAt(at) == '\t')) {
            at++;
        }
        return style == Style.PLAIN
                && at > end
                && at < file.text().length()
                && file.text().charAt(at) == '#';
    }

    /** As messages show it. */
    @Override
    public String toString() {
        return Words.quoted(value);
    }
}

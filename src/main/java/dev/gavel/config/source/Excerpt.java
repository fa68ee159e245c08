package dev.gavel.config.source;

/**
 * A line of a source file as a message shows it: cut to the part near the trouble if it is long, and free of characters
 * that would upset a terminal.
 *
 * @param caret width of the line before the trouble, in terminal cells
 */
public record Excerpt(String line, int caret) {
    private static final int MAX_CHARACTERS = 96;
    /** First and last of the characters that terminals show in two cells (Unicode, East Asian Width W and F). */
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f,
        0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f300, 0x1f64f, 0x1f680, 0x1f6ff, 0x1f900, 0x1f9ff, 0x20000, 0x3fffd
    };

    /** An excerpt of a whole line; the trouble is in {@code column}, from 1 to one past the end of the line. */
    static Excerpt of(String line, int column) {
        int[] characters = line.codePoints().map(Excerpt::visible).toArray();
        int trouble = Math.min(column - 1, characters.length);
        int to = Math.min(characters.length, Math.max(trouble + MAX_CHARACTERS / 2, MAX_CHARACTERS));
        int from = Math.max(0, to - MAX_CHARACTERS);
        StringBuilder shown = new StringBuilder(from > 0 ? "…" : "");
        int caret = shown.length();
        for (int i = from; i < to; i++) {
            shown.appendCodePoint(characters[i]);
            caret += i < trouble ? cells(characters[i]) : 0;
        }
        return new Excerpt(shown.append(to < characters.length ? "…" : "").toString(), caret);
    }

    /** Tabs are a space; what moves the cursor or turns the text round is a point. */
    private static int visible(int character) {
        int type = Character.getType(character);
        boolean acts = type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        return character == '\t' ? ' ' : acts ? '.' : character;
    }

    private static int cells(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        for (int i = 0; i < WIDE.length; i += 2) {
            if (character >= WIDE[i] && character <= WIDE[i + 1]) {
                return 2;
            }
        }
        return 1;
    }

    /** The line and, below it, a caret under the trouble. */
    @Override
    public String toString() {
        return line + "\n" + " ".repeat(caret) + "^";
    }
}

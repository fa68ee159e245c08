package dev.gavel.imports;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was not translated, or not exactly: each line of the source once for each reason, in their order. */
final class Notes {
    private static final int SHOWN = 300;

    private record Note(int line, String why) {}

    private final Map<Note, String> texts = new LinkedHashMap<>();

    void add(int line, String text, String why) {
        texts.putIfAbsent(new Note(line, why), shown(text));
    }

    boolean isEmpty() {
        return texts.isEmpty();
    }

    /** {@code FILE:LINE: why: the line}. */
    List<String> lines(String file) {
        return texts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey((a, b) -> Integer.compare(a.line(), b.line())))
                .map(note ->
                        file + ":" + note.getKey().line() + ": " + note.getKey().why() + ": " + note.getValue())
                .toList();
    }

    /** Text that was read as Latin-1, as {@link #printable} UTF-8. */
    static String shown(String latin) {
        return printable(new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /** Text for a comment or a terminal: cut when long, without control characters. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(SHOWN).forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '.'));
        return text.codePointCount(0, text.length()) > SHOWN ? shown.append('…').toString() : shown.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

package dev.gavel.policy.syntax;

import dev.gavel.config.source.Words;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads strings and hex literals. */
final class TextLiterals {
    private static final String ESCAPES = "\\\\ \\\" \\' \\n \\r \\t \\0 or \\xHH";
    private static final String ESCAPED = "\\\"'nrt0";
    private static final String MEANT = "\\\"'\n\r\t\0";

    private TextLiterals() {}

    /** Reads the literal whose opening quote or bar is at {@code start}. */
    static Literal read(String text, int start) throws ExpressionMistake {
        Literal.Text literal = text.charAt(start) == '|' ? hex(text, start) : string(text, start);
        if (literal.bytes().length == 0) {
            throw new ExpressionMistake(start, "empty text, which everything contains", "at least one byte");
        }
        return literal;
    }

    private static Literal.Text string(String text, int start) throws ExpressionMistake {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        char quote = text.charAt(start);
        int at = start + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            at += text.charAt(at) == '\\' ? escape(text, at, bytes) : plain(text, at, quote, bytes);
        }
        if (at >= text.length()) {
            throw ExpressionMistake.unclosed(start, "string without its closing quote", String.valueOf(quote));
        }
        return new Literal.Text(start, text.substring(start, at + 1), bytes.toByteArray());
    }

    /**
     * Appends the characters before the next escape or closing quote to {@code bytes}; returns the number of
     * characters.
     */
    private static int plain(String text, int at, char quote, ByteArrayOutputStream bytes) {
        int end = at;
        while (end < text.length() && text.charAt(end) != quote && text.charAt(end) != '\\') {
            end++;
        }
        bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
        return end - at;
    }

    private static int escape(String text, int at, ByteArrayOutputStream bytes) throws ExpressionMistake {
        int escaped = at + 1 < text.length() ? ESCAPED.indexOf(text.charAt(at + 1)) : -1;
        if (escaped >= 0) {
            bytes.write(MEANT.charAt(escaped));
            return 2;
        }
        if (text.startsWith("x", at + 1) && isHex(text, at + 2) && isHex(text, at + 3)) {
            bytes.write(Integer.parseInt(text.substring(at + 2, at + 4), 16));
            return 4;
        }
        int end = Math.min(text.length(), at + (text.startsWith("x", at + 1) ? 4 : 2));
        throw new ExpressionMistake(at, "unknown escape " + Words.quoted(text.substring(at, end)), ESCAPES);
    }

    private static Literal.Text hex(String text, int start) throws ExpressionMistake {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = start + 1;
        while (isHex(text, at) && isHex(text, at + 1)) {
            bytes.write(Integer.parseInt(text.substring(at, at + 2), 16));
            at += text.startsWith(" ", at + 2) && isHex(text, at + 3) ? 3 : 2;
        }
        if (!text.startsWith("|", at)) {
            throw new ExpressionMistake(at, "malformed hex literal", "pairs of hexadecimal digits up to a |: |0d 0a|");
        }
        return new Literal.Text(start, text.substring(start, at + 1), bytes.toByteArray());
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && text.charAt(at) < 128 && Character.digit(text.charAt(at), 16) >= 0;
    }
}

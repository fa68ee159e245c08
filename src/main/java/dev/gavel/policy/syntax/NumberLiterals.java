package dev.gavel.policy.syntax;

import dev.gavel.config.source.Words;
import java.util.Map;

/** Reads numbers, sizes and durations. */
final class NumberLiterals {
    private static final Map<String, Long> SIZES = Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Long> DURATIONS =
            Map.of("ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);

    private NumberLiterals() {}

    /** Reads the literal whose first digit is at {@code start}. */
    static Literal read(String text, int start) throws ExpressionMistake {
        int end = start;
        while (end < text.length() && Lexer.isWordPart(text.charAt(end))) {
            end++;
        }
        String written = text.substring(start, end);
        int digits = 0;
        while (digits < written.length() && Lexer.isDigit(written.charAt(digits))) {
            digits++;
        }
        String unit = written.substring(digits);
        if (written.startsWith("0x") && written.matches("0x[0-9a-fA-F]+")) {
            return new Literal.Numeral(start, written, value(start, written.substring(2), 16, 1));
        }
        if (DURATIONS.containsKey(unit)) {
            long ns = value(start, written.substring(0, digits), 10, DURATIONS.get(unit));
            return new Literal.Duration(start, written, ns);
        }
        if (!unit.isEmpty() && !SIZES.containsKey(unit)) {
            throw new ExpressionMistake(
                    start,
                    "malformed number " + Words.quoted(written),
                    "digits, 0x and hexadecimal digits, a size such as 1MiB or a duration such as 10s");
        }
        return new Literal.Numeral(
                start, written, value(start, written.substring(0, digits), 10, SIZES.getOrDefault(unit, 1L)));
    }

    private static long value(int start, String digits, int radix, long factor) throws ExpressionMistake {
        try {
            return Math.multiplyExact(Long.parseLong(digits, radix), factor);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new ExpressionMistake(start, "number too large", "at most " + Long.MAX_VALUE);
        }
    }
}

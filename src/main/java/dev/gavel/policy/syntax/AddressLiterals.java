package dev.gavel.policy.syntax;

import dev.gavel.config.source.Words;
import java.util.regex.Pattern;

/** Reads IP addresses, prefixes and MAC addresses. */
final class AddressLiterals {
    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

    private AddressLiterals() {}

    /**
     * The index after the text at {@code start} that looks like an address; {@code start} if there is none. An address
     * is a run of hexadecimal digits, points and colons. An IPv6 or MAC address has at least two colons, whereas a
     * slice has one. An IPv4 address starts with a digit and has single points, whereas a range has two points in a
     * row.
     */
    static int end(String text, int start) {
        int end = start;
        int colons = 0;
        boolean points = false;
        while (end < text.length() && isPart(text, end)) {
            colons += text.charAt(end) == ':' ? 1 : 0;
            points |= text.charAt(end) == '.';
            end++;
        }
        boolean ipv4 = points && colons == 0 && Lexer.isDigit(text.charAt(start));
        if (colons < 2 && !ipv4) {
            return start;
        }
        while (end < text.length() && Lexer.isWordPart(text.charAt(end))) {
            end++; // so that the message shows the whole word
        }
        return end;
    }

    private static boolean isPart(String text, int at) {
        char c = text.charAt(at);
        boolean range = c == '.' && text.startsWith("..", at);
        return (Character.digit(c, 16) >= 0 && c < 128) || c == ':' || (c == '.' && !range);
    }

    static Literal read(String text, int start, int end) throws ExpressionMistake {
        String address = text.substring(start, end);
        if (MAC.matcher(address).matches()) {
            return new Literal.Mac(start, address, Long.parseLong(address.replace(":", ""), 16));
        }
        Address parsed = Address.parse(address);
        if (parsed == null) {
            throw new ExpressionMistake(
                    start,
                    "malformed address " + Words.quoted(address),
                    "an address such as 10.0.0.1, 2001:db8::1 or 00:11:22:33:44:55");
        }
        return text.startsWith("/", end)
                ? prefix(text, start, end, parsed)
                : new Literal.Net(start, address, parsed, parsed);
    }

    private static Literal prefix(String text, int start, int slash, Address address) throws ExpressionMistake {
        int end = slash + 1;
        while (end < text.length() && Lexer.isWordPart(text.charAt(end))) {
            end++;
        }
        String digits = text.substring(slash + 1, end);
        if (!LENGTH.matcher(digits).matches() || Integer.parseInt(digits) > address.bits()) {
            throw new ExpressionMistake(
                    slash, "malformed prefix length " + Words.quoted(digits), "/0 to /" + address.bits());
        }
        int length = Integer.parseInt(digits);
        return new Literal.Net(start, text.substring(start, end), address.first(length), address.last(length));
    }
}

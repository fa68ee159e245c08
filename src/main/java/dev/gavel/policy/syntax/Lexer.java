package dev.gavel.policy.syntax;

import dev.gavel.config.source.Words;
import java.util.List;

/** Splits an expression into tokens, one at a time; always takes the longest possible token. */
public final class Lexer {
    private static final List<String> SYMBOLS = List.of(
            "&&", "||", "==", "!=", "<=", ">=", "..", "(", ")", "{", "}", "[", "]", ",", ":", "&", "<", ">", "!");

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    Token next() throws ExpressionMistake {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        int start = at;
        if (at == text.length()) {
            return new Token(Token.Type.END, start, "", null);
        }
        char first = text.charAt(at);
        if (first == '"' || first == '\'' || (first == '|' && !text.startsWith("||", at))) {
            return value(TextLiterals.read(text, start));
        }
        if (first == '$') {
            return listName(start);
        }
        int end = AddressLiterals.end(text, start);
        if (end > start) {
            return value(AddressLiterals.read(text, start, end));
        }
        if (isDigit(first)) {
            return value(NumberLiterals.read(text, start));
        }
        return isLetter(first) ? name(start) : symbol(start);
    }

    private Token value(Literal literal) {
        at = literal.at() + literal.written().length();
        return new Token(Token.Type.VALUE, literal.at(), literal.written(), literal);
    }

    private Token listName(int start) throws ExpressionMistake {
        at++;
        while (at < text.length() && (isWordPart(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        if (at == start + 1) {
            throw new ExpressionMistake(start, "\"$\" without a name", "$ and the name of a list");
        }
        return value(new Literal.ListName(start, text.substring(start, at)));
    }

    /** Reads a name: one word, or several words joined by single points. */
    private Token name(int start) {
        do {
            at++;
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
        } while (at + 1 < text.length() && text.charAt(at) == '.' && isLetter(text.charAt(at + 1)));
        return new Token(Token.Type.NAME, start, text.substring(start, at), null);
    }

    private Token symbol(int start) throws ExpressionMistake {
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Token.Type.SYMBOL, start, symbol, null);
            }
        }
        String found = text.substring(at, text.offsetByCodePoints(at, 1));
        String meant = found.equals("=") ? " (did you mean \"==\"?)" : "";
        throw new ExpressionMistake(
                start, "unexpected " + Words.quoted(found), "a field, an operator or a value" + meant);
    }

    /**
     * Reads a regular expression. The parser calls this only where one is allowed: elsewhere {@code /} does not start
     * one.
     */
    Literal.Regex regex() throws ExpressionMistake {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        int start = at;
        if (!text.startsWith("/", at)) {
            throw new ExpressionMistake(start, "found no \"/\"", "a regular expression between / and /");
        }
        for (at++; at < text.length() && text.charAt(at) != '/'; at++) {
            at += text.charAt(at) == '\\' ? 1 : 0; // skips an escaped character, which may be a slash
        }
        if (at >= text.length()) {
            throw ExpressionMistake.unclosed(start, "regular expression without its closing /", "/");
        }
        int end = at++;
        while (at < text.length() && isWordPart(text.charAt(at))) {
            at++;
        }
        Literal.Regex regex = new Literal.Regex(
                start, text.substring(start, at), text.substring(start + 1, end), text.substring(end + 1, at));
        checkFlags(regex, end + 1);
        return regex;
    }

    private static void checkFlags(Literal.Regex regex, int at) throws ExpressionMistake {
        String flags = regex.flags();
        for (int i = 0; i < flags.length(); i++) {
            char flag = flags.charAt(i);
            if ("ism".indexOf(flag) < 0) {
                throw new ExpressionMistake(at + i, "unknown flag " + Words.quoted(String.valueOf(flag)), "i, s or m");
            }
        }
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    public static boolean isWordPart(char c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }
}

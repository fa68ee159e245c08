package dev.gavel.match.pattern;

import org.jspecify.annotations.Nullable;

/** The text of a regular expression, with the current reading position. */
final class RegexSource {
    private final String text;
    private int at;

    RegexSource(String text) {
        this.text = text;
    }

    int index() {
        return at;
    }

    void rewind(int index) {
        at = index;
    }

    boolean hasMore() {
        return at < text.length();
    }

    /** The next char, without consuming it; 0 at the end. */
    char peek() {
        return hasMore() ? text.charAt(at) : 0;
    }

    boolean isAt(String prefix) {
        return text.startsWith(prefix, at);
    }

    boolean isAtDigit() {
        return peek() >= '0' && peek() <= '9';
    }

    boolean isAtOctal() {
        return peek() >= '0' && peek() <= '7';
    }

    boolean skip(String prefix) {
        if (!isAt(prefix)) {
            return false;
        }
        at += prefix.length();
        return true;
    }

    /** Consumes and returns the next code point. Precondition: {@link #hasMore}. */
    int next() throws RegexMistake {
        int character = text.codePointAt(at);
        if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            throw new RegexMistake(at, "half a character (a lone UTF-16 surrogate)", "whole characters");
        }
        at += Character.charCount(character);
        return character;
    }

    /** Consumes up to and including the next {@code mark}; returns the text before it, or null if there is no mark. */
    @Nullable
    String before(String mark) {
        int end = text.indexOf(mark, at);
        if (end < 0) {
            return null;
        }
        String part = text.substring(at, end);
        at = end + mark.length();
        return part;
    }

    String since(int index) {
        return text.substring(index, at);
    }

    /** Consumes a number without leading zeros, capped at {@code cap}; -1, with nothing consumed, if there is none. */
    int number(int cap) {
        int start = at;
        int number = 0;
        while (isAtDigit()) {
            number = Math.min(cap, number * 10 + (text.charAt(at++) - '0'));
        }
        boolean isPadded = at - start > 1 && text.charAt(start) == '0';
        if (at == start || isPadded) {
            at = start;
            return -1;
        }
        return number;
    }
}

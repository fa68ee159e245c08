package dev.gavel.config;

import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;

/** A scalar read from left to right, so that a mistake is told where it stands within the value. */
final class ValueText {
    private final SourceText text;
    private final String expected;
    private int at;

    /** The text of {@code node}; {@code expected} is what messages ask for. */
    ValueText(Node node, String expected) throws Mistake {
        if (!(node instanceof Node.Scalar scalar) || scalar.text().value().isEmpty()) {
            throw node.wrongKind(expected);
        }
        this.text = scalar.text();
        this.expected = expected;
    }

    String whole() {
        return text.value();
    }

    SourceText source() {
        return text;
    }

    Mistake mistake(int index, String wrong) {
        return new Mistake(text.at(index), wrong, expected);
    }

    Mistake outOfRange() {
        return mistake(0, Words.quoted(whole()) + " is out of range");
    }

    int at() {
        return at;
    }

    boolean atEnd() {
        return at == whole().length();
    }

    /** Takes {@code wanted} if it comes next. */
    boolean take(String wanted) {
        boolean next = whole().startsWith(wanted, at);
        at += next ? wanted.length() : 0;
        return next;
    }

    /** Letters that come next, perhaps none. */
    String letters() {
        int from = at;
        while (!atEnd() && Character.isLetter(whole().charAt(at))) {
            at++;
        }
        return whole().substring(from, at);
    }

    /** The digits that come next, or {@code 0x} and hexadecimal ones; at most {@code max}. */
    long number(long max) throws Mistake {
        int radix = take("0x") ? 16 : 10;
        int from = at;
        long value = 0;
        while (!atEnd() && whole().charAt(at) < 128 && Character.digit(whole().charAt(at), radix) >= 0) {
            int digit = Character.digit(whole().charAt(at), radix);
            if (digit > max || value > (max - digit) / radix) {
                throw outOfRange();
            }
            value = value * radix + digit;
            at++;
        }
        if (at == from) {
            throw mistake(at, atEnd() ? "number missing" : "found " + Words.quoted(whole()));
        }
        return value;
    }

    /** Whatever is left is too much. */
    void end() throws Mistake {
        if (!atEnd()) {
            throw mistake(at, "found " + Words.quoted(whole().substring(at)) + " behind the value");
        }
    }
}

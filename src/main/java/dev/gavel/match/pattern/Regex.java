package dev.gavel.match.pattern;

import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A regular expression in RE2's syntax over bytes: does it match anywhere in the searched range? {@code ^} and {@code $}
 * are the ends of that range. Only whether it matches counts, so that greed and groups mean nothing. Case is that of
 * ASCII; a character beyond ASCII stands for its UTF-8 bytes. Immutable.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>
 */
public final class Regex implements Pattern {
    /** Hyperscan takes 16,000. */
    private static final int MAX_LENGTH = 15_000;

    private final String source;
    private final String flags;
    private final RegexNode node;
    private final String syntax;

    private Regex(String source, String flags, RegexNode node, String syntax) {
        this.source = source;
        this.flags = flags;
        this.node = node;
        this.syntax = syntax;
    }

    /**
     * Reads {@code source}, in time and memory that are bounded.
     *
     * @param source without the slashes around it; a slash in it may be escaped
     * @param flags any of {@code i} (case of ASCII letters is ignored), {@code s} (a dot matches line feeds) and
     *     {@code m} ({@code ^} and {@code $} match at lines)
     * @throws RegexMistake if it is no expression of RE2, or one that a matcher cannot take
     */
    public static Regex parse(String source, String flags) throws RegexMistake {
        if (!flags.matches("[ism]*")) {
            throw new IllegalArgumentException("flags \"" + flags + "\" (expected: i, s and m)");
        }
        RegexFlags parsed = new RegexFlags(has(flags, 'i'), has(flags, 's'), has(flags, 'm'));
        RegexNode node = new RegexParser(source, parsed).parse();
        checkWithRe2(source);
        StringBuilder syntax = new StringBuilder();
        node.write(syntax);
        if (syntax.length() > MAX_LENGTH) {
            String wrong = String.format("too long: %,d characters, with its classes written out", syntax.length());
            throw new RegexMistake(0, wrong, String.format("at most %,d", MAX_LENGTH));
        }
        return new Regex(source, flags, node, syntax.toString());
    }

    private static boolean has(String flags, char flag) {
        return flags.indexOf(flag) >= 0;
    }

    /** Our reading is not wider than RE2's own. */
    private static void checkWithRe2(String source) throws RegexMistake {
        try {
            com.google.re2j.Pattern.compile(source);
        } catch (PatternSyntaxException e) {
            throw new RegexMistake(0, e.getDescription() + " `" + e.getPattern() + "`", "RE2's syntax");
        }
    }

    /** What it costs a compiler at the worst, in bytes with repeats written out; one of 2,000 takes half a second. */
    public long cost() {
        return node.cost();
    }

    /** Whether it can match no bytes at all: then it matches everything, or says nothing about the bytes. */
    public boolean matchesEmpty() {
        return node.isNullable();
    }

    /** In the syntax of PCRE as Hyperscan takes it, without flags. ASCII. */
    public String pcre() {
        return syntax;
    }

    /**
     * In the syntax of RE2, without flags, over text whose chars are bytes (ISO 8859-1). ASCII. Each class holds a
     * character that is no byte: RE2/J 1.8 takes {@code [Aa]} for a caseless {@code A}, and that for a plain one when
     * it looks for what alternatives begin with, so that {@code (?:A.|[Aa]b)} would not match {@code ab}.
     */
    public String re2() {
        return syntax.replace("]", "\\x{100}]");
    }

    RegexNode node() {
        return node;
    }

    /** A literal that every match holds, the longest that could be found. */
    public Optional<LiteralPattern> requiredLiteral() {
        RegexLiterals literals = new RegexLiterals();
        node.collect(literals);
        return literals.longest();
    }

    @Override
    public int to() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean dependsOnEnd() {
        return node.dependsOnEnd();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex that && source.equals(that.source) && flags.equals(that.flags);
    }

    @Override
    public int hashCode() {
        return source.hashCode() * 31 + flags.hashCode();
    }

    /** As in a policy. */
    @Override
    public String toString() {
        return "/" + source + "/" + flags;
    }
}

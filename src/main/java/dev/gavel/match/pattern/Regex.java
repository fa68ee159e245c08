package dev.gavel.match.pattern;

import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A regular expression in RE2's syntax, matched against bytes anywhere in the searched range. {@code ^} and {@code $}
 * stand for the start and end of that range. Only whether it matches counts, so greediness and capturing groups have no
 * effect. Caseless matching covers ASCII only; a character beyond ASCII stands for its UTF-8 bytes. Immutable.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>
 */
public final class Regex implements Pattern {
    /** Limit on the length in characters; Hyperscan's own limit is 16,000. */
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
     * Parses {@code source} in bounded time and memory.
     *
     * @param source without the enclosing slashes; a slash inside it may be escaped
     * @param flags any of {@code i} (ignore the case of ASCII letters), {@code s} (a dot matches line feeds too) and
     *     {@code m} ({@code ^} and {@code $} match at the start and end of each line)
     * @throws RegexMistake if it is not valid RE2, or is valid but not supported by the matchers
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

    /** Makes sure that this parser accepts nothing that RE2 rejects. */
    private static void checkWithRe2(String source) throws RegexMistake {
        try {
            com.google.re2j.Pattern.compile(source);
        } catch (PatternSyntaxException e) {
            throw new RegexMistake(0, e.getDescription() + " `" + e.getPattern() + "`", "RE2's syntax");
        }
    }

    /** Worst-case cost of compiling, in bytes with repeats written out; an expression of 2,000 takes half a second. */
    public long cost() {
        return node.cost();
    }

    /** Whether it can match the empty string: if so, it matches any input, or tests positions only and no bytes. */
    public boolean matchesEmpty() {
        return node.isNullable();
    }

    /** This expression in PCRE syntax as Hyperscan accepts it. Flags are resolved; ASCII only. */
    public String pcre() {
        return syntax;
    }

    /**
     * This expression in RE2 syntax, for text in which each char is one byte (ISO 8859-1). Flags are resolved; ASCII
     * only. A char above 255 is added to each class to work around a bug of RE2/J 1.8: it turns {@code [Aa]} into a
     * caseless {@code A}, which it confuses with a plain {@code A} when it factors out the common prefix of
     * alternatives, so that {@code (?:A.|[Aa]b)} would not match {@code ab}.
     */
    public String re2() {
        return syntax.replace("]", "\\x{100}]");
    }

    RegexNode node() {
        return node;
    }

    /** The longest literal known to occur in every match, if any. */
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

    /** The expression as written in a policy. */
    @Override
    public String toString() {
        return "/" + source + "/" + flags;
    }
}

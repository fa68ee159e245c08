package dev.gavel.match;

import dev.gavel.match.pattern.LiteralPattern;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.match.pattern.Regex;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Searches for literals and regular expressions in pure Java. One automaton finds the literals and, for each
 * expression, a literal that every match must contain. RE2/J runs an expression only if its literal was found, or if it
 * has none. Each expression that runs takes time linear in the number of bytes, and allocates: a fallback, not meant
 * for many expressions and much traffic.
 */
final class JavaMatcher implements Matcher {
    private final AhoCorasick literals;
    private final int[] owners; // by literal: number of the pattern that it is; -1 if it only triggers an expression
    private final List<Expression> expressions;
    private final int patterns;

    private JavaMatcher(AhoCorasick literals, int[] owners, List<Expression> expressions, int patterns) {
        this.literals = literals;
        this.owners = owners;
        this.expressions = expressions;
        this.patterns = patterns;
    }

    /**
     * Regular expression with pattern number {@code pattern}. It runs if literal number {@code needed} was found; if
     * {@code needed} is negative, it always runs.
     */
    private record Expression(int pattern, int needed, com.google.re2j.Pattern compiled) {}

    /** Compiles {@code patterns} and numbers them in the given order; uses the plain automaton if all are literals. */
    static Matcher compile(List<? extends Pattern> patterns) {
        List<LiteralPattern> literals = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        List<Expression> expressions = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            int next = literals.size();
            if (patterns.get(i) instanceof Regex regex) {
                Optional<LiteralPattern> needed = regex.requiredLiteral();
                needed.ifPresent(literals::add);
                expressions.add(new Expression(
                        i, needed.isPresent() ? next : -1, com.google.re2j.Pattern.compile(regex.re2())));
            } else {
                literals.add((LiteralPattern) patterns.get(i));
            }
            if (literals.size() > next) {
                owners.add(patterns.get(i) instanceof Regex ? -1 : i);
            }
        }
        AhoCorasick automaton = AhoCorasick.compile(literals);
        return expressions.isEmpty()
                ? automaton
                : new JavaMatcher(
                        automaton,
                        owners.stream().mapToInt(Integer::intValue).toArray(),
                        List.copyOf(expressions),
                        patterns.size());
    }

    @Override
    public int patterns() {
        return patterns;
    }

    @Override
    public Scanner scanner() {
        return new JavaScanner(literals.scanner(), new Hits(owners.length));
    }

    @Override
    public void close() {}

    private final class JavaScanner implements Scanner {
        private final Scanner literalScanner;
        private final Hits found;

        JavaScanner(Scanner literalScanner, Hits found) {
            this.literalScanner = literalScanner;
            this.found = found;
        }

        @Override
        public void scan(ByteBuf buffer, int offset, int length, Hits hits) {
            hits.checkFor(patterns);
            Objects.checkFromIndexSize(offset, length, buffer.capacity());
            found.clear();
            literalScanner.scan(buffer, offset, length, found);
            for (int i = 0; i < found.size(); i++) {
                int owner = owners[found.found(i)];
                if (owner >= 0) {
                    hits.add(owner);
                }
            }
            for (Expression expression : expressions) {
                if (expression.needed() < 0 || found.contains(expression.needed())) {
                    run(expression, new Bytes(buffer, offset, length), hits);
                }
            }
        }

        private static void run(Expression expression, Bytes bytes, Hits hits) {
            if (!hits.contains(expression.pattern())
                    && expression.compiled().matcher(bytes).find()) {
                hits.add(expression.pattern());
            }
        }

        @Override
        public void close() {
            literalScanner.close();
        }
    }

    /** Presents bytes as ISO 8859-1 characters, because RE2/J reads characters. */
    private record Bytes(ByteBuf buffer, int offset, int length) implements CharSequence {
        @Override
        public char charAt(int index) {
            return (char) buffer.getUnsignedByte(offset + index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Bytes(buffer, offset + from, to - from);
        }

        @Override
        public String toString() {
            return buffer.toString(offset, length, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }
}

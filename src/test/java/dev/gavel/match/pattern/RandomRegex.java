package dev.gavel.match.pattern;

import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.Random;

/** Random expressions that use every construct, over few bytes, and random buffers that they often match in. */
public final class RandomRegex {
    private static final String[] LITERALS = {
        "a",
        "b",
        "A",
        "B",
        "a",
        "b",
        "ab",
        "_",
        "0",
        "-",
        " ",
        "/",
        "\\n",
        "\\x00",
        "\\0",
        "\\012",
        "\\x{61}",
        "\\x62",
        "\\Qa.b\\E",
        "b\\Q\\E",
        "\\.",
        "\\*",
        "\\/",
        "\\_",
        "\\t",
        "{",
        "}",
        "]",
        "a{,2}",
        "a{x"
    };
    private static final String[] HIGH = {"\\xff", "\\x{80}", "\\377", "[\\x80-\\xff]", "[^\\x00-\\x7f]", "[\\xe9a]"};
    private static final String[] SETS = {
        ".",
        ".",
        "[ab]",
        "[^a]",
        "[a-c]",
        "[^a-z\\n]",
        "[]a]",
        "[^]a]",
        "[a-]",
        "[\\n0-9_]",
        "\\d",
        "\\D",
        "\\s",
        "\\S",
        "\\w",
        "\\W",
        "[\\w-]",
        "[^\\w]",
        "[\\D]",
        "[[:alpha:]]",
        "[[:^upper:]]",
        "[^[:lower:]b]",
        "[[:punct:]\\x00]",
        "[[:space:][:word:]]",
        "[\\W\\d]",
        "[[a]"
    };
    private static final String[] ASSERTIONS = {"^", "$", "\\A", "\\z", "\\b", "\\B", "^", "$", "(?m:^)", "(?m:$)"};
    private static final String[] GROUPS = {"(", "(?:", "(?i:", "(?s:", "(?m:", "(?-i:", "(?U:", "(?s-im:", "(?-m:"};
    private static final String[] FLAGS = {"(?i)", "(?s)", "(?m)", "(?-i)", "(?U)", "(?-sm)", "(?)"};
    private static final String[] REPEATS = {"*", "+", "?", "{2}", "{0,2}", "{1,}", "{2,3}", "{0}", "{3,}", "{1}"};
    private static final String BYTES = "aaabbAB_0- /.*\n\n\n\0\t{}]\u0080\u00ff\u00e9";

    private final Random random;
    private final boolean hasAssertions;
    private final boolean hasHighBytes;
    private final boolean isCaselessInPart;
    private int names;

    /**
     * Where re2j differs from bytes, or from itself, is left to known answers: caseless expressions have no bytes above
     * 127, which it would fold as Unicode does, and those that are caseless in part have no capitals, which it takes
     * for caseless letters when it factors alternatives.
     */
    public RandomRegex(Random random) {
        this.random = random;
        hasAssertions = random.nextInt(3) > 0;
        hasHighBytes = random.nextInt(4) == 0;
        isCaselessInPart = !hasHighBytes && random.nextBoolean();
    }

    /** Of i, s and m. */
    public String flags() {
        return (!hasHighBytes && random.nextInt(3) == 0 ? "i" : "")
                + (random.nextInt(3) == 0 ? "s" : "")
                + (random.nextInt(3) == 0 ? "m" : "");
    }

    public String expression() {
        return choice(3);
    }

    private String choice(int depth) {
        StringBuilder out = new StringBuilder(sequence(depth));
        while (random.nextInt(4) == 0) {
            out.append('|').append(sequence(depth));
        }
        return out.toString();
    }

    private String sequence(int depth) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            out.append(item(depth));
        }
        return random.nextInt(20) == 0 ? "" : out.toString();
    }

    private String item(int depth) {
        int kind = random.nextInt(20);
        if (kind < 2 && hasAssertions) {
            return one(ASSERTIONS) + (random.nextInt(10) == 0 ? one(REPEATS) : "");
        }
        if (kind == 2) {
            return flagged(one(FLAGS));
        }
        return atom(kind, depth) + (random.nextInt(3) == 0 ? one(REPEATS) + one("", "", "?") : "");
    }

    private String atom(int kind, int depth) {
        if (kind < 7 && depth > 0) {
            return group() + choice(depth - 1) + ")";
        }
        if (kind < 11) {
            return one(SETS);
        }
        return kind == 11 && hasHighBytes ? one(HIGH) : literal();
    }

    private String group() {
        return random.nextInt(8) == 0 ? one("(?P<n", "(?<n") + names++ + ">" : flagged(one(GROUPS));
    }

    private String flagged(String opening) {
        return isCaselessInPart
                ? opening
                : opening.replace("-i:", ":").replace("-i)", ")").replace("i", "");
    }

    private String literal() {
        String literal = one(LITERALS);
        return isCaselessInPart && (literal.equals("A") || literal.equals("B")) ? "ba" : literal;
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Bytes that {@code regex} is likely to match in, often up to their very end. */
    public byte[] buffer(Regex regex) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        noise(out, random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 6 : 150));
        if (random.nextInt(3) > 0) {
            write(regex.node(), out);
        }
        noise(out, random.nextInt(3) > 0 ? 0 : random.nextInt(20));
        if (random.nextInt(5) == 0) {
            out.write('\n');
        }
        return out.toByteArray();
    }

    private void noise(ByteArrayOutputStream out, int length) {
        for (int i = 0; i < length; i++) {
            out.write(BYTES.charAt(random.nextInt(BYTES.length())));
        }
    }

    private void write(RegexNode node, ByteArrayOutputStream out) {
        if (out.size() > 4_000) {
            return;
        }
        if (node instanceof RegexBytes bytes) {
            out.write(one(bytes.set()));
        } else if (node instanceof RegexNode.Sequence sequence) {
            sequence.nodes().forEach(part -> write(part, out));
        } else if (node instanceof RegexNode.Choice choice) {
            write(choice.nodes().get(random.nextInt(choice.nodes().size())), out);
        } else if (node instanceof RegexRepeat repeat) {
            int more = repeat.max() == RegexRepeat.UNBOUNDED ? 4 : repeat.max() - repeat.min() + 1;
            for (int i = repeat.min() + random.nextInt(more); i > 0; i--) {
                write(repeat.node(), out);
            }
        }
    }

    /** One of {@code set}, mostly of those that buffers are made of. */
    private int one(BitSet set) {
        for (int i = 0; i < 20; i++) {
            int b = BYTES.charAt(random.nextInt(BYTES.length()));
            if (set.get(b)) {
                return b;
            }
        }
        return set.nextSetBit(0);
    }
}

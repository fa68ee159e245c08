package dev.gavel.match.pattern;

import dev.gavel.match.pattern.RegexAssertion.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses RE2 syntax into nodes, resolving flags on the way. Recursion depth is bounded by {@link #MAX_GROUPS}.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>
 */
final class RegexParser {
    private static final int MAX_GROUPS = 250;
    private static final long MAX_COST = 2_000;
    private static final int MAX_REPEAT = 1_000; // RE2's own limit
    private static final int ASCII = 128;
    private static final Map<String, Kind> ASSERTIONS = Map.of(
            "\\A", Kind.TEXT_BEGIN,
            "\\z", Kind.TEXT_END,
            "\\b", Kind.WORD_BOUNDARY,
            "\\B", Kind.NO_WORD_BOUNDARY);
    private static final Map<String, String> REFUSED_GROUPS = Map.ofEntries(
            Map.entry("(?=", "look-ahead"),
            Map.entry("(?!", "look-ahead"),
            Map.entry("(?<=", "look-behind"),
            Map.entry("(?<!", "look-behind"),
            Map.entry("(?>", "atomic group"),
            Map.entry("(?#", "comment"),
            Map.entry("(?(", "conditional"),
            Map.entry("(?|", "branch reset"),
            Map.entry("(?&", "subroutine call"),
            Map.entry("(?R", "recursion"),
            Map.entry("(?P=", "back-reference"),
            Map.entry("(?P>", "subroutine call"),
            Map.entry("(?'", "group name in quotes"));

    private final RegexSource source;
    private RegexFlags flags;

    RegexParser(String source, RegexFlags flags) {
        this.source = new RegexSource(source);
        this.flags = flags;
    }

    RegexNode parse() throws RegexMistake {
        RegexNode node = alternation(0);
        if (source.hasMore()) {
            throw new RegexMistake(source.index(), "closing parenthesis without an opening one", "\\) for the byte");
        }
        checkCost(node, 0);
        node.checkBegins(true);
        node.checkEnds(true);
        if (node.pass(RegexPlaces.all()) == 0) {
            throw new RegexMistake(0, "expression that can never match", "one that can");
        }
        return node;
    }

    private void checkCost(RegexNode node, int index) throws RegexMistake {
        long cost = node.cost();
        if (cost > MAX_COST) {
            throw new RegexMistake(
                    index,
                    String.format("too large: as costly as %,d bytes, with repeats written out", cost),
                    String.format("at most %,d; repeats of groups cost most", MAX_COST));
        }
    }

    private RegexNode alternation(int depth) throws RegexMistake {
        List<RegexNode> choices = new ArrayList<>();
        List<RegexNode> items = new ArrayList<>();
        int repeatEnd = -1;
        while (source.hasMore() && source.peek() != ')') {
            int start = source.index();
            int[] times = times(start);
            if (times != null) {
                checkRepeat(items, start, repeatEnd);
                RegexNode last = items.remove(items.size() - 1);
                RegexNode repeated = RegexNode.repeat(last, times[0], times[1]);
                checkCost(repeated, start);
                items.add(repeated);
                repeatEnd = source.index();
            } else if (source.skip("|")) {
                choices.add(RegexNode.sequence(items));
                items.clear();
            } else {
                item(items, depth);
            }
        }
        choices.add(RegexNode.sequence(items));
        return RegexNode.choice(choices);
    }

    private void checkRepeat(List<RegexNode> items, int start, int repeatEnd) throws RegexMistake {
        String operator = source.since(start);
        if (start == repeatEnd) {
            throw operator.equals("+")
                    ? new RegexMistake(start, "possessive repeat is not supported", "a repeat without the second +")
                    : new RegexMistake(start, "repeat " + operator + " of a repeat", "(?:…) around the first repeat");
        }
        if (items.isEmpty()) {
            throw new RegexMistake(start, "nothing to repeat before " + operator, "\\" + operator + " for the byte");
        }
    }

    /**
     * Reads a repeat operator and returns the least and the greatest number of times. Null, with nothing consumed, if
     * there is none.
     */
    private int @Nullable [] times(int start) throws RegexMistake {
        int[] times =
                switch (source.peek()) {
                    case '*' -> new int[] {0, RegexRepeat.UNBOUNDED};
                    case '+' -> new int[] {1, RegexRepeat.UNBOUNDED};
                    case '?' -> new int[] {0, 1};
                    case '{' -> countedTimes(start);
                    default -> null;
                };
        if (times != null) {
            if (source.index() == start) {
                source.next();
            }
            source.skip("?"); // a lazy repeat: what matches is the same
        }
        return times;
    }

    private int @Nullable [] countedTimes(int start) throws RegexMistake {
        source.skip("{");
        int min = source.number(MAX_REPEAT + 1);
        int max = min;
        boolean isRepeat = min >= 0;
        if (isRepeat && source.skip(",")) {
            max = source.number(MAX_REPEAT + 1);
            isRepeat = max >= 0 || source.peek() == '}';
        }
        if (!isRepeat || !source.skip("}")) {
            source.rewind(start); // RE2 takes it literally
            return null;
        }
        if (min > MAX_REPEAT || max > MAX_REPEAT) {
            throw new RegexMistake(start, "too many repeats " + source.since(start), "at most 1,000");
        }
        if (max != RegexRepeat.UNBOUNDED && max < min) {
            throw new RegexMistake(start, "impossible repeat " + source.since(start), "at least, then at most");
        }
        return new int[] {min, max};
    }

    private void item(List<RegexNode> items, int depth) throws RegexMistake {
        int start = source.index();
        switch (source.peek()) {
            case '(' -> group(items, depth);
            case '[' -> items.add(RegexNode.bytes(new RegexClass(source, flags.caseless()).parse()));
            case '\\' -> escape(items);
            case '.' -> items.add(RegexNode.bytes(dot()));
            case '^' -> items.add(assertion(flags.multiline() ? Kind.LINE_BEGIN : Kind.TEXT_BEGIN));
            case '$' -> items.add(assertion(flags.multiline() ? Kind.LINE_END : Kind.TEXT_END));
            default -> items.add(literal(source.next()));
        }
        if (source.index() == start) {
            source.next();
        }
    }

    private BitSet dot() {
        BitSet set = new BitSet();
        set.set(0, 256);
        set.set('\n', flags.dotAll());
        return set;
    }

    /** A node that matches the UTF-8 bytes of {@code character}. */
    private RegexNode literal(int character) {
        if (character < ASCII) {
            return oneByte(character);
        }
        List<RegexNode> bytes = new ArrayList<>();
        for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
            bytes.add(oneByte(b & 0xff));
        }
        return RegexNode.sequence(bytes);
    }

    private RegexNode oneByte(int value) {
        BitSet set = new BitSet();
        set.set(value);
        return RegexNode.bytes(flags.caseless() ? RegexClass.folded(set) : set);
    }

    private void escape(List<RegexNode> items) throws RegexMistake {
        if (source.skip("\\Q")) {
            quoted(items);
            return;
        }
        RegexNode assertion = escapedAssertion();
        BitSet set = assertion == null ? RegexEscapes.perlClass(source) : null;
        if (assertion != null) {
            items.add(assertion);
        } else if (set != null) {
            items.add(RegexNode.bytes(set));
        } else {
            int start = source.index();
            int character = RegexEscapes.character(source);
            boolean isNumber = source.since(start).length() > 2;
            items.add(isNumber ? oneByte(character) : literal(character));
        }
    }

    private RegexNode assertion(Kind kind) {
        return new RegexAssertion(kind, source.index());
    }

    private @Nullable RegexNode escapedAssertion() {
        for (Map.Entry<String, Kind> known : ASSERTIONS.entrySet()) {
            if (source.isAt(known.getKey())) {
                RegexNode assertion = assertion(known.getValue());
                source.skip(known.getKey());
                return assertion;
            }
        }
        return null;
    }

    private void quoted(List<RegexNode> items) throws RegexMistake {
        while (source.hasMore() && !source.skip("\\E")) {
            items.add(literal(source.next()));
        }
    }

    private void group(List<RegexNode> items, int depth) throws RegexMistake {
        int start = source.index();
        RegexFlags outside = flags;
        source.skip("(");
        if (source.isAt("?") && !opening(start)) {
            return;
        }
        if (depth == MAX_GROUPS) {
            throw new RegexMistake(start, "group too deep", "at most " + MAX_GROUPS + " in each other");
        }
        RegexNode node = alternation(depth + 1);
        if (!source.skip(")")) {
            throw new RegexMistake(start, "group is not closed", "a closing parenthesis");
        }
        flags = outside;
        items.add(node);
    }

    /**
     * Reads a group's prefix, such as {@code (?i:}. Returns false if the group ends with the prefix, like {@code (?i)},
     * which only sets flags.
     */
    private boolean opening(int start) throws RegexMistake {
        source.rewind(start);
        for (Map.Entry<String, String> refused : REFUSED_GROUPS.entrySet()) {
            if (source.isAt(refused.getKey())) {
                throw new RegexMistake(
                        start, refused.getValue() + " " + refused.getKey() + " is not supported", "a group of RE2");
            }
        }
        if (source.skip("(?P<") || source.skip("(?<")) {
            String name = source.before(">");
            if (name == null || !name.matches("\\w+")) {
                throw new RegexMistake(start, "bad name of a group", "letters, digits and _, then >");
            }
            return true;
        }
        source.skip("(?");
        return flagsOf(start);
    }

    private boolean flagsOf(int start) throws RegexMistake {
        RegexFlags inside = flags;
        boolean value = true;
        boolean isComplete = true;
        while (source.hasMore()) {
            char c = (char) source.next();
            if ("imsU".indexOf(c) >= 0) {
                inside = inside.with(c, value);
                isComplete = true;
            } else if (c == '-' && value) {
                value = false;
                isComplete = false;
            } else if ((c == ':' || c == ')') && isComplete) {
                flags = inside;
                return c == ':';
            } else {
                break;
            }
        }
        throw new RegexMistake(
                start, "unknown kind of group " + source.since(start), "flags i, m, s or U, then : or )");
    }
}

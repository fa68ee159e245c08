package dev.gavel.config;

import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.Node.Scalar;
import dev.gavel.config.Node.Sequence;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the values that keys of our files take. */
final class Values {
    static final long MAX_MARK = 0xffff_ffffL;
    private static final int MAX_QUEUE = 0xffff;
    private static final int MAX_NAME = 64;
    private static final String ALLOWED_IN_NAMES = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    private static final Map<String, Long> NANOSECONDS = ordered(
            List.of("ms", "s", "m", "h"), List.of(1_000_000L, 1_000_000_000L, 60_000_000_000L, 3_600_000_000_000L));
    private static final Map<String, Long> PER =
            ordered(List.of("s", "m", "h"), List.of(1_000_000_000L, 60_000_000_000L, 3_600_000_000_000L));
    private static final Map<String, Long> BYTES =
            ordered(List.of("KiB", "MiB", "GiB"), List.of(1L << 10, 1L << 20, 1L << 30));

    private Values() {}

    private static Map<String, Long> ordered(List<String> units, List<Long> factors) {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < units.size(); i++) {
            map.put(units.get(i), factors.get(i));
        }
        return map;
    }

    static long number(Node node, long min, long max) throws Mistake {
        ValueText text = new ValueText(node, "a number from " + min + " to " + max);
        long value = text.number(max);
        text.end();
        if (value < min) {
            throw text.outOfRange();
        }
        return value;
    }

    static int integer(Node node, int min, int max) throws Mistake {
        return (int) number(node, min, max);
    }

    /** The language's version: this program knows 1. */
    static int version(Node node) throws Mistake {
        ValueText text = new ValueText(node, "1");
        long value = text.number(Integer.MAX_VALUE);
        text.end();
        if (value != 1) {
            throw text.mistake(0, "version " + value + " is " + (value > 1 ? "newer than this program" : "unknown"));
        }
        return 1;
    }

    static boolean flag(Node node) throws Mistake {
        ValueText text = new ValueText(node, "true or false");
        if (!text.whole().equals("true") && !text.whole().equals("false")) {
            throw text.mistake(0, "found " + Words.quoted(text.whole()));
        }
        return text.whole().equals("true");
    }

    /** Bytes: {@code 64MiB}, or a bare number of them. */
    static int size(Node node, int min, int max) throws Mistake {
        ValueText text = new ValueText(node, "a size such as 64MiB, from " + min + " to " + max + " bytes");
        long number = text.number(Integer.MAX_VALUE);
        long factor = text.atEnd() ? 1 : sizeFactor(text);
        text.end();
        if (number * factor < min || number * factor > max) {
            throw text.outOfRange();
        }
        return (int) (number * factor);
    }

    static long durationNs(Node node) throws Mistake {
        ValueText text = new ValueText(node, "a duration such as 100ms");
        long number = text.number(1_000_000);
        long factor = factor(text, NANOSECONDS);
        text.end();
        if (number == 0) {
            throw text.outOfRange();
        }
        return number * factor;
    }

    /** {@code 1000/s}. */
    static Rate rate(Node node) throws Mistake {
        return rate(new ValueText(node, "a rate such as 1000/s"));
    }

    private static Rate rate(ValueText text) throws Mistake {
        long count = text.number(Integer.MAX_VALUE);
        if (!text.take("/")) {
            throw text.mistake(text.at(), "\"/\" missing");
        }
        Rate rate = new Rate(count, factor(text, NANOSECONDS));
        text.end();
        return rate;
    }

    /** The unit of a size, which comes next: {@code KiB}, {@code MiB} or {@code GiB}, in bytes. */
    static long sizeFactor(ValueText text) throws Mistake {
        return factor(text, BYTES);
    }

    /** The unit of time at the end of a rate, in nanoseconds: {@code s}, {@code m} or {@code h}. */
    static long rateFactor(ValueText text) throws Mistake {
        long factor = factor(text, PER);
        text.end();
        return factor;
    }

    /** {@code true}, {@code false} or a rate; null: no event. */
    static @Nullable Rate eventRate(Node node) throws Mistake {
        ValueText text = new ValueText(node, "true, false or a rate such as 10/s");
        if (text.take("true") || text.take("false")) {
            text.end();
            return text.whole().equals("true") ? Rate.UNLIMITED : null;
        }
        Rate rate = rate(text);
        if (rate.count() == 0) {
            throw text.outOfRange();
        }
        return rate;
    }

    private static long factor(ValueText text, Map<String, Long> units) throws Mistake {
        int from = text.at();
        String unit = text.letters();
        Long factor = units.get(unit);
        if (factor == null) {
            String wrong = unit.isEmpty() ? "unit missing" : "unknown unit " + Words.quoted(unit);
            String known = Words.either(List.copyOf(units.keySet()));
            throw new Mistake(
                    text.source().at(from),
                    wrong,
                    known + (unit.isEmpty() ? "" : Words.didYouMean(unit, units.keySet())));
        }
        return factor;
    }

    /** One of an enum's constants, by its name in small letters with {@code -}; {@code later} are refused by name. */
    static <E extends Enum<E>> E word(Node node, String what, Class<E> type, String... later) throws Mistake {
        Map<String, E> known = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            known.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        List<String> words = List.copyOf(known.keySet());
        ValueText text = new ValueText(node, Words.either(words));
        if (List.of(later).contains(text.whole())) {
            throw text.mistake(0, Section.notYet(text.whole()));
        }
        E chosen = known.get(text.whole());
        if (chosen == null) {
            throw unknown(text, what, Words.either(words), words);
        }
        return chosen;
    }

    static Mistake unknown(ValueText text, String what, String expected, List<String> words) {
        String word = text.whole();
        return new Mistake(
                text.source().at(0),
                "unknown " + what + " " + Words.quoted(word),
                expected + Words.didYouMean(word, words));
    }

    /** {@code VALUE} or {@code VALUE/MASK}. */
    static MarkChange mark(Node node) throws Mistake {
        ValueText text = new ValueText(node, "VALUE or VALUE/MASK, such as 0x2/0xf");
        long value = text.number(MAX_MARK);
        long mask = text.take("/") ? text.number(MAX_MARK) : MAX_MARK;
        text.end();
        if ((value & ~mask) != 0) {
            throw new Mistake(text.source().at(0), "value has bits outside of its mask", "VALUE within MASK");
        }
        return new MarkChange((int) value, (int) mask, node.place());
    }

    /** A policy's or a rule's name. */
    static String name(Node node) throws Mistake {
        ValueText text = new ValueText(node, "1 to " + MAX_NAME + " characters of a-z, 0-9, _ and -");
        String name = text.whole();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (ALLOWED_IN_NAMES.indexOf(c) < 0) {
                String wrong = Words.quoted(name.substring(i, name.offsetByCodePoints(i, 1)));
                throw text.mistake(i, "name with " + wrong);
            }
        }
        if (name.length() > MAX_NAME) {
            throw text.mistake(MAX_NAME, "name of " + name.length() + " characters");
        }
        return name;
    }

    static String text(Node node) throws Mistake {
        return new ValueText(node, "text").whole();
    }

    /** An expression, not parsed; refuses what YAML would have changed before we see it. */
    static SourceText expression(Node node) throws Mistake {
        SourceText text =
                new ValueText(node, "an expression; one that YAML takes for something else is written as '…'").source();
        Place escape = text.escape();
        if (escape != null) {
            throw new Mistake(
                    escape,
                    "backslash in a double-quoted value, an escape that YAML takes away",
                    "when: '…' (a ' inside doubled) or when: >-");
        }
        return text;
    }

    /** {@code 3}, {@code 0-3} or a list of such. */
    static List<QueueRange> queueNumbers(Node node) throws Mistake {
        List<Node> items = node instanceof Sequence list ? list.items() : List.of(node);
        List<QueueRange> ranges = new ArrayList<>();
        for (Node item : items) {
            ranges.add(queueRange(item));
        }
        if (ranges.isEmpty()) {
            throw new Mistake(node.place(), "empty list", "a queue number, a range such as 0-3, or a list of them");
        }
        return List.copyOf(ranges);
    }

    private static QueueRange queueRange(Node node) throws Mistake {
        String expected = "a queue number from 0 to 65535, a range such as 0-3, or a list of them";
        ValueText text = new ValueText(node, expected);
        int first = (int) text.number(MAX_QUEUE);
        int last = text.take("-") ? (int) text.number(MAX_QUEUE) : first;
        text.end();
        if (last < first) {
            throw text.mistake(0, "empty range " + Words.quoted(text.whole()));
        }
        return new QueueRange(first, last, node.place());
    }

    /** Items of a list; anything else is told and taken for an empty one. */
    static List<Node> list(Node node) throws Mistake {
        if (node instanceof Sequence list) {
            return list.items();
        }
        throw node.wrongKind("a list");
    }

    static boolean isWord(Node node, String word) {
        return node instanceof Scalar scalar && scalar.text().value().equals(word);
    }
}

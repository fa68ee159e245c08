package dev.gavel.policy.compile;

import dev.gavel.config.source.Words;
import dev.gavel.match.pattern.Regex;
import dev.gavel.match.pattern.RegexMistake;
import dev.gavel.policy.condition.NumberRanges;
import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.Kind;
import dev.gavel.policy.syntax.AddressRange;
import dev.gavel.policy.syntax.Expression.Comparison;
import dev.gavel.policy.syntax.Expression.Item;
import dev.gavel.policy.syntax.Expression.Slice;
import dev.gavel.policy.syntax.ExpressionMistake;
import dev.gavel.policy.syntax.Literal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the values that expressions compare fields with, and converts them to the form that conditions use. */
final class Operands {
    private Operands() {}

    /** The numbers for which the comparison is true; for {@code !=}, the numbers for which {@code ==} is true. */
    static NumberRanges numbers(FieldName name, Comparison comparison) throws ExpressionMistake {
        List<NumberRanges.Range> ranges = new ArrayList<>();
        for (Item item : comparison.items()) {
            long first = number(name, item.first());
            long last = item.last() == null ? first : number(name, item.last());
            if (item.last() != null && (name.kind() != Kind.NUMBER || first > last)) {
                throw badRange(name, item, name.kind() == Kind.NUMBER);
            }
            ranges.add(new NumberRanges.Range(first, last));
        }
        long first = ranges.get(0).first();
        return switch (comparison.operator()) {
            case LESS -> first == 0 ? new NumberRanges(List.of()) : NumberRanges.of(0, first - 1);
            case AT_MOST -> NumberRanges.of(0, first);
            case GREATER ->
                first == Long.MAX_VALUE ? new NumberRanges(List.of()) : NumberRanges.of(first + 1, Long.MAX_VALUE);
            case AT_LEAST -> NumberRanges.of(first, Long.MAX_VALUE);
            default ->
                name.kind() == Kind.BOOLEAN && first != 0
                        ? NumberRanges.of(1, Long.MAX_VALUE) // a flag selected by a mask may be any bit
                        : new NumberRanges(ranges);
        };
    }

    private static ExpressionMistake badRange(FieldName name, Item item, boolean empty) {
        return empty
                ? new ExpressionMistake(item.first().at(), "empty range", "the lower end first")
                : new ExpressionMistake(item.first().at(), "range of " + name.name(), "single values");
    }

    private static long number(FieldName name, Literal literal) throws ExpressionMistake {
        if (literal instanceof Literal.Mac mac && name.kind() == Kind.MAC) {
            return mac.value();
        }
        if (literal instanceof Literal.Word word && !name.words().isEmpty()) {
            Long value = name.words().get(word.written());
            if (value != null) {
                return value;
            }
            List<String> known = List.copyOf(name.words().keySet());
            throw new ExpressionMistake(
                    word.at(),
                    "unknown value " + Words.quoted(word.written()) + " of " + name.name(),
                    expected(name) + Words.didYouMean(word.written(), known));
        }
        boolean wanted = name.kind() == Kind.NUMBER || name.kind() == Kind.BOOLEAN;
        if (!(literal instanceof Literal.Numeral number) || !wanted) {
            throw wrongType(name, literal);
        }
        if (number.value() > name.max()) {
            throw new ExpressionMistake(
                    number.at(), number.written() + " is out of range for " + name.name(), "0 to " + name.max());
        }
        return number.value();
    }

    private static ExpressionMistake wrongType(FieldName name, Literal literal) {
        return new ExpressionMistake(
                literal.at(),
                shown(literal) + " is " + literal.kind() + ", but " + name.name() + " is "
                        + name.kind().description(),
                expected(name));
    }

    private static String shown(Literal literal) {
        String written = literal.written();
        boolean quoted = written.startsWith("\"") || written.startsWith("'");
        return Words.quoted(quoted ? written.substring(1, written.length() - 1) : written);
    }

    private static String expected(FieldName name) {
        String words = Words.either(name.words().keySet().stream().sorted().toList());
        return switch (name.kind()) {
            case NUMBER -> "a number from 0 to " + name.max() + (words.isEmpty() ? "" : ", or " + words);
            case BOOLEAN, WORD -> words;
            case ADDRESS -> "an address or a prefix, such as 10.0.0.0/8";
            case MAC -> "a MAC address, such as 00:11:22:33:44:55";
            case TEXT, BYTES -> "text in quotes, or bytes such as |0d 0a|";
        };
    }

    static List<AddressRange> addresses(FieldName name, Comparison comparison) throws ExpressionMistake {
        List<AddressRange> ranges = new ArrayList<>();
        for (Item item : comparison.items()) {
            Literal.Net first = net(name, item.first());
            ranges.add(AddressRange.of(first, item.last() == null ? null : net(name, item.last())));
        }
        return ranges;
    }

    private static Literal.Net net(FieldName name, Literal literal) throws ExpressionMistake {
        if (literal instanceof Literal.Net net) {
            return net;
        }
        throw wrongType(name, literal);
    }

    /** The texts to search for in a field or in a slice of it. Throws if a text is longer than the slice. */
    static List<Literal.Text> texts(FieldName name, Comparison comparison, @Nullable Slice slice)
            throws ExpressionMistake {
        List<Literal.Text> texts = new ArrayList<>();
        for (Item item : comparison.items()) {
            if (!(item.first() instanceof Literal.Text text)) {
                throw wrongType(name, item.first());
            }
            if (item.last() != null) {
                throw badRange(name, item, false);
            }
            int room = slice == null ? Integer.MAX_VALUE : slice.to() - slice.from();
            if (text.bytes().length > room) {
                throw new ExpressionMistake(
                        text.at(),
                        "text of " + text.bytes().length + " bytes in a slice of " + room + " can never match",
                        "a longer slice");
            }
            texts.add(text);
        }
        return texts;
    }

    /**
     * Parses the regular expression of {@code literal}. Throws if it matches the empty text, because it would then
     * match everything.
     */
    static Regex regex(Literal.Regex literal) throws ExpressionMistake {
        try {
            Regex regex = Regex.parse(literal.source(), literal.flags());
            if (!regex.matchesEmpty()) {
                return regex;
            }
        } catch (RegexMistake e) {
            throw new ExpressionMistake(literal.at(e.index()), e.wrong(), e.expected());
        }
        throw new ExpressionMistake(
                literal.at(),
                "regular expression that matches no bytes at all, and so everything",
                "at least one byte");
    }

    static String utf8(FieldName name, Literal.Text text) throws ExpressionMistake {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text.bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ExpressionMistake(text.at(), "bytes that are not UTF-8 for " + name.name(), "UTF-8");
        }
    }
}

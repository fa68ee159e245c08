package dev.gavel.config;

import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.LimitEntry.Measure;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code limit} of a rule. */
final class LimitReader {
    private static final List<String> KEYS = List.of("over", "burst", "per");
    private static final long MAX_PACKETS = 1_000_000_000;
    private static final long MAX_BYTES = 1L << 40;

    /** A rate and what it counts. */
    private record Over(Rate rate, Measure measure) {}

    private LimitReader() {}

    /** After a problem, values that could not be read are placeholders. */
    static LimitEntry read(Node node, Problems problems) {
        Section section = new Section(node, problems, KEYS, List.of());
        Over over = section.required("over", new Over(new Rate(1, 1), Measure.PACKETS), LimitReader::over);
        return new LimitEntry(
                over.rate(),
                over.measure(),
                section.value("burst", over.rate().count(), burst -> burst(burst, over.measure())),
                section.value("per", List.of(), LimitReader::per));
    }

    private static Over over(Node node) throws Mistake {
        ValueText text = new ValueText(node, "a rate such as 10/s, 600/m or 1MiB/s");
        long number = text.number(MAX_PACKETS);
        boolean bytes = !text.atEnd() && Character.isLetter(text.whole().charAt(text.at()));
        long count = bytes ? number * Values.sizeFactor(text) : number;
        if (!text.take("/")) {
            throw text.mistake(text.at(), "\"/\" missing");
        }
        Rate rate = new Rate(count, Values.rateFactor(text));
        if (count == 0 || count > MAX_BYTES) {
            throw text.outOfRange();
        }
        return new Over(rate, bytes ? Measure.BYTES : Measure.PACKETS);
    }

    private static long burst(Node node, Measure measure) throws Mistake {
        if (measure == Measure.PACKETS) {
            return Values.number(node, 1, MAX_PACKETS);
        }
        ValueText text = new ValueText(node, "a size such as 64KiB, from 1 to " + MAX_BYTES + " bytes");
        long number = text.number(MAX_PACKETS);
        long bytes = text.atEnd() ? number : number * Values.sizeFactor(text);
        text.end();
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw text.outOfRange();
        }
        return bytes;
    }

    /** One field, or a list of them. */
    private static List<SourceText> per(Node node) throws Mistake {
        List<Node> items = node instanceof Node.Sequence list ? list.items() : List.of(node);
        List<SourceText> names = new ArrayList<>();
        for (Node item : items) {
            names.add(new ValueText(item, "a field such as ip.src, or a list of fields").source());
        }
        if (names.isEmpty()) {
            throw new Mistake(node.place(), "empty list", "a field such as ip.src, or no per: at all");
        }
        return List.copyOf(names);
    }
}

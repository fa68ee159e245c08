package dev.gavel.config;

import dev.gavel.config.Node.Entry;
import dev.gavel.config.Node.Mapping;
import dev.gavel.config.Node.Refused;
import dev.gavel.config.Node.Scalar;
import dev.gavel.config.Node.Sequence;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the tree of one YAML document from the parser's events. Anchors, aliases, tags, duplicate keys, deep nesting
 * and further documents are mistakes: composing such documents is what overflows stacks and explodes aliases.
 */
final class YamlReader {
    static final int MAX_DEPTH = 32;
    private static final String QUOTE = "write the value as '…' (a ' inside doubled)";
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(SourceFile.MAX_BYTES)
            .setParseComments(false)
            .build();

    private final SourceFile file;
    private final Problems problems;
    private final Iterator<Event> events;
    private int codePoints;
    private int offset;
    private @Nullable Event last;

    private YamlReader(SourceFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
        events = new Parse(SETTINGS).parseString(file.text()).iterator();
    }

    /** The document in {@code file}; null if it is empty. Mistakes that leave a tree go to {@code problems}. */
    static @Nullable Node read(SourceFile file, Problems problems) throws Mistake {
        try {
            return new YamlReader(file, problems).document();
        } catch (MarkedYamlEngineException e) {
            throw new Mistake(placeOf(file, e), YamlMistakes.describe(e));
        } catch (YamlEngineException e) {
            throw new Mistake(Place.start(file.name()), "not YAML (" + e.getMessage() + ")", "a YAML file");
        }
    }

    private @Nullable Node document() throws Mistake {
        Node root = null;
        for (Event event = next(); event.getEventId() != Event.ID.StreamEnd; event = next()) {
            if (event.getEventId() == Event.ID.DocumentStart && root != null) {
                problems.error(place(event), "second YAML document; expected one a file");
                return root;
            }
            if (event instanceof NodeEvent) {
                root = node(event, 1);
            }
        }
        return root;
    }

    /** The next event. The parser lets number and code point errors of broken escapes escape unwrapped. */
    private Event next() throws Mistake {
        try {
            Event event = events.next();
            last = event;
            return event;
        } catch (IllegalArgumentException e) {
            Place before = last == null ? Place.start(file.name()) : place(last);
            throw new Mistake(before, "broken escape in a double-quoted value behind this", "a value written as '…'");
        }
    }

    private Node node(Event event, int depth) throws Mistake {
        Place place = place(event);
        boolean accepted = isAccepted((NodeEvent) event, place);
        if (depth > MAX_DEPTH && event instanceof CollectionStartEvent) {
            throw new Mistake(place, "nested too deep", "at most " + MAX_DEPTH + " levels");
        }
        Node node =
                switch (event.getEventId()) {
                    case Scalar -> new Scalar(text((ScalarEvent) event, place));
                    case SequenceStart -> sequence(place, depth);
                    case MappingStart -> mapping(place, depth);
                    default -> new Refused(place); // an alias
                };
        return accepted ? node : new Refused(place);
    }

    private boolean isAccepted(NodeEvent event, Place place) {
        Optional<String> tag = Optional.empty();
        if (event instanceof ScalarEvent scalar) {
            tag = scalar.getTag();
        } else if (event instanceof CollectionStartEvent collection) {
            tag = collection.getTag();
        }
        if (event.getAnchor().isPresent()) {
            String anchor = event.getAnchor().get().getValue();
            String found = event instanceof AliasEvent
                    ? "alias " + Words.quoted("*" + anchor)
                    : "anchor " + Words.quoted("&" + anchor);
            problems.error(place, "YAML " + found + " is not supported; repeat it, or " + QUOTE);
        }
        if (tag.isPresent()) {
            problems.error(
                    place,
                    "YAML tag " + Words.quoted(tag.get().replace("tag:yaml.org,2002:", "!!"))
                            + " is not supported; in an expression write not, or " + QUOTE);
        }
        return tag.isEmpty() && event.getAnchor().isEmpty();
    }

    private Sequence sequence(Place place, int depth) throws Mistake {
        List<Node> items = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(node(event, depth + 1));
        }
        return new Sequence(place, List.copyOf(items));
    }

    private Mapping mapping(Place place, int depth) throws Mistake {
        List<Entry> entries = new ArrayList<>();
        Map<String, Place> seen = new HashMap<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            Node key = node(event, depth + 1);
            Node value = node(next(), depth + 1);
            if (!(key instanceof Scalar scalar)) {
                key.wrongKind("a word as a key").reportTo(problems);
                continue;
            }
            Place first = seen.putIfAbsent(scalar.text().value(), key.place());
            if (first == null) {
                entries.add(new Entry(scalar.text(), value));
            } else {
                problems.error(
                        key.place(),
                        "duplicate key " + scalar.text() + "; expected once, the first is at " + first.line() + ":"
                                + first.column());
            }
        }
        return new Mapping(place, List.copyOf(entries));
    }

    private SourceText text(ScalarEvent event, Place place) {
        Mark start = event.getStartMark().orElseThrow();
        Mark end = event.getEndMark().orElseThrow();
        int from = offset(start);
        int to = file.text().offsetByCodePoints(from, end.getIndex() - start.getIndex());
        return new SourceText(event.getValue(), file, style(event.getScalarStyle()), from, to, place);
    }

    private static SourceText.Style style(ScalarStyle style) {
        return switch (style) {
            case SINGLE_QUOTED -> SourceText.Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED -> SourceText.Style.DOUBLE_QUOTED;
            case LITERAL, FOLDED -> SourceText.Style.BLOCK;
            default -> SourceText.Style.PLAIN;
        };
    }

    /** From code points to the offset in our text; marks come nearly in order, so that this costs little. */
    private int offset(Mark mark) {
        offset = file.text().offsetByCodePoints(offset, mark.getIndex() - codePoints);
        codePoints = mark.getIndex();
        return offset;
    }

    private Place place(Event event) {
        return place(file, event.getStartMark().orElseThrow());
    }

    private static Place place(SourceFile file, Mark mark) {
        return new Place(file.name(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Place placeOf(SourceFile file, MarkedYamlEngineException e) {
        return e.getProblemMark()
                .or(e::getContextMark)
                .map(mark -> place(file, mark))
                .orElse(Place.start(file.name()));
    }
}

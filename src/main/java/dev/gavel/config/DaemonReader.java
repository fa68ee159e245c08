package dev.gavel.config;

import dev.gavel.config.DaemonConfig.Events;
import dev.gavel.config.DaemonConfig.Fail;
import dev.gavel.config.DaemonConfig.Metrics;
import dev.gavel.config.DaemonConfig.Overload;
import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.DaemonConfig.Rejects;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.Words;
import dev.gavel.queue.EventType;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.Verdict;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads {@code gavel.yaml}. */
final class DaemonReader {
    private static final List<String> KEYS = List.of(
            "version",
            "fail",
            "queues",
            "workers",
            "default",
            "malformed",
            "truncated",
            "overload",
            "fragments",
            "rejects",
            "metrics",
            "events",
            "policies",
            "lists");
    private static final List<String> LATER = List.of("pending", "flows", "streams", "offload");
    private static final int MAX_WORKERS = 1024;
    private static final int MAX_SERIES = 1_000_000;
    private static final long DEADLINE_NS = 100_000_000;
    private static final long SECOND_NS = 1_000_000_000;

    private static final Path EVENT_FILE = Path.of("/var/log/gavel/events.json");

    private final Problems problems;
    private final Section section;
    private final Verdict auto;
    private final Fail fail;

    private DaemonReader(Node root, Problems problems) {
        this.problems = problems;
        section = new Section(root, problems, KEYS, LATER);
        fail = section.value("fail", Fail.CLOSED, node -> Values.word(node, "value", Fail.class));
        auto = fail == Fail.OPEN ? Verdict.ACCEPT : Verdict.DROP;
    }

    /**
     * After a problem, values that could not be read are the defaults. {@code path}: what `policies` is relative to.
     */
    static DaemonConfig read(@Nullable SourceFile file, Path path, Problems problems) {
        Node root = null;
        try {
            root = file == null ? null : YamlReader.read(file, problems);
        } catch (Mistake e) {
            e.reportTo(problems);
        }
        Node.Mapping empty = new Node.Mapping(Place.start(path.toString()), List.of());
        return new DaemonReader(root == null ? empty : root, problems).read(path);
    }

    private DaemonConfig read(Path path) {
        section.value("version", 1, Values::version);
        VerdictChoice accept = new VerdictChoice(Verdict.ACCEPT, section.place("default"));
        return new DaemonConfig(
                fail,
                section.value("queues", QueuesReader.none(problems), node -> QueuesReader.read(node, problems)),
                section.value("workers", OptionalInt.empty(), DaemonReader::workers),
                section.value("default", accept, VerdictWords::ofDefault),
                section.value("malformed", auto, this::verdict),
                section.value("truncated", auto, this::verdict),
                section.value("overload", new Overload(DEADLINE_NS, auto), this::overload),
                section.value(
                        "fragments",
                        Fragments.HEADERS_ONLY,
                        node -> Values.word(node, "value", Fragments.class, "reassemble")),
                section.value("rejects", new Rejects(new Rate(1000, SECOND_NS), 0x800000), this::rejects),
                section.value("metrics", new Metrics("127.0.0.1", 19464, 1000), this::metrics),
                section.value("events", events(), node -> events(path, node)),
                section.value("policies", path.resolveSibling("policies.d"), node -> path(path, node, "a directory")),
                section.place("policies"),
                section.value("lists", List.of(), new ListsReader(path, problems)::read));
    }

    private static OptionalInt workers(Node node) throws Mistake {
        return Values.isWord(node, "auto") ? OptionalInt.empty() : OptionalInt.of(Values.integer(node, 0, MAX_WORKERS));
    }

    private Verdict verdict(Node node) throws Mistake {
        return Values.isWord(node, "auto") ? auto : VerdictWords.ofTrouble(node);
    }

    private Overload overload(Node node) {
        Section overload = new Section(node, problems, List.of("deadline", "verdict"), List.of());
        return new Overload(
                overload.value("deadline", DEADLINE_NS, Values::durationNs),
                overload.value("verdict", auto, this::verdict));
    }

    private Rejects rejects(Node node) {
        Section rejects = new Section(node, problems, List.of("rate", "mark"), List.of());
        return new Rejects(rejects.value("rate", new Rate(1000, SECOND_NS), Values::rate), (int)
                (long) rejects.value("mark", 0x800000L, mark -> Values.number(mark, 1, Values.MAX_MARK)));
    }

    private Metrics metrics(Node node) {
        Section metrics = new Section(node, problems, List.of("listen", "max-rules"), List.of());
        int maxRules = metrics.value("max-rules", 1000, rules -> Values.integer(rules, 0, MAX_SERIES));
        return metrics.value("listen", new Metrics("127.0.0.1", 19464, maxRules), listen -> listener(listen, maxRules));
    }

    private static Metrics listener(Node node, int maxRules) throws Mistake {
        ValueText text = new ValueText(node, "ADDRESS:PORT, such as 127.0.0.1:19464 or [::1]:19464");
        int colon = text.whole().lastIndexOf(':');
        if (colon <= 0) {
            throw text.mistake(0, "port missing in " + Words.quoted(text.whole()));
        }
        String host = text.whole().substring(0, colon);
        text.take(host + ":");
        int port = (int) text.number(0xffff);
        text.end();
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Metrics(bracketed ? host.substring(1, host.length() - 1) : host, port, maxRules);
    }

    private Events events() {
        return new Events(EVENT_FILE, section.place("events"), EnumSet.allOf(EventType.class));
    }

    private Events events(Path path, Node node) {
        Section events = new Section(node, problems, List.of("file", "types"), List.of("matched"));
        return new Events(
                events.value("file", EVENT_FILE, file -> eventFile(path, file)),
                events.place("file"),
                events.value("types", EnumSet.allOf(EventType.class), this::eventTypes));
    }

    private static Path eventFile(Path path, Node node) throws Mistake {
        return Values.isWord(node, "-")
                ? Events.STANDARD_OUTPUT
                : path(path, node, "a file, or \"-\" for standard output");
    }

    private EnumSet<EventType> eventTypes(Node node) throws Mistake {
        EnumSet<EventType> types = EnumSet.noneOf(EventType.class);
        for (Node item : Values.list(node)) {
            try {
                types.add(Values.word(item, "type", EventType.class, "flow", "stats"));
            } catch (Mistake e) {
                e.reportTo(problems);
            }
        }
        return types;
    }

    private static Path path(Path path, Node node, String expected) throws Mistake {
        ValueText text = new ValueText(node, expected);
        try {
            return path.resolveSibling(text.whole());
        } catch (InvalidPathException e) {
            throw text.mistake(0, "found " + Words.quoted(text.whole()));
        }
    }
}

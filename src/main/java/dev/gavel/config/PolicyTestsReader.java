package dev.gavel.config;

import dev.gavel.config.Node.Entry;
import dev.gavel.config.Node.Mapping;
import dev.gavel.config.PolicyTests.Expected;
import dev.gavel.config.PolicyTests.Packets;
import dev.gavel.config.PolicyTests.Set;
import dev.gavel.config.PolicyTests.Shadow;
import dev.gavel.config.PolicyTests.Test;
import dev.gavel.config.PolicyTests.Total;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads one file of policy tests. */
final class PolicyTestsReader {
    private static final List<String> KEYS = List.of("version", "policies", "config", "tests");
    private static final List<String> TEST_KEYS = List.of("name", "capture", "set", "packets", "others", "totals");
    private static final List<String> SET_KEYS = List.of("queue", "hook", "mark", "in_iface");
    private static final List<String> EXPECTED_KEYS = List.of("verdict", "reason", "rule", "mark", "shadow");
    private static final List<String> TOTALS =
            List.of("packets", "accept", "drop", "reject", "other", "flows", "malformed");
    private static final List<String> TOTALS_BY_NAME = List.of("rules", "reasons", "shadow");

    private final Path path;
    private final Problems problems;
    private final Map<String, Place> names = new HashMap<>();

    private PolicyTestsReader(Path path, Problems problems) {
        this.path = path;
        this.problems = problems;
    }

    static PolicyTests read(SourceFile file, Path path, Problems problems) {
        try {
            Node root = YamlReader.read(file, problems);
            if (root != null) {
                return new PolicyTestsReader(path, problems).tests(new Section(root, problems, KEYS, List.of()));
            }
            problems.error(Place.start(file.name()), "empty file; expected policy tests, with policies: and tests:");
        } catch (Mistake e) {
            e.reportTo(problems);
        }
        return new PolicyTests(List.of(), null, List.of());
    }

    private PolicyTests tests(Section section) {
        section.value("version", 1, Values::version);
        List<Path> policies = section.value("policies", List.of(), this::paths);
        Path config = section.optional("config", this::path);
        if (section.has("policies") == section.has("config")) {
            problems.error(section.place(), "found both or neither of policies and config; expected one of them");
        }
        return new PolicyTests(policies, config, section.required("tests", List.of(), this::list));
    }

    private List<Path> paths(Node node) throws Mistake {
        List<Path> paths = new ArrayList<>();
        for (Node item : Values.list(node)) {
            paths.add(path(item));
        }
        if (paths.isEmpty()) {
            throw new Mistake(node.place(), "empty list", "the policy files to test");
        }
        return List.copyOf(paths);
    }

    private Path path(Node node) throws Mistake {
        ValueText text = new ValueText(node, "a file, as seen from this one");
        try {
            return path.resolveSibling(text.whole());
        } catch (InvalidPathException e) {
            throw text.mistake(0, "found " + Words.quoted(text.whole()));
        }
    }

    private List<Test> list(Node node) throws Mistake {
        List<Test> tests = new ArrayList<>();
        for (Node item : Values.list(node)) {
            tests.add(test(new Section(item, problems, TEST_KEYS, List.of())));
        }
        if (tests.isEmpty()) {
            throw new Mistake(node.place(), "no tests", "at least one");
        }
        return List.copyOf(tests);
    }

    private Test test(Section section) {
        Place place = section.place("name");
        String name = section.required("name", "", Values::text);
        Place first = name.isEmpty() ? null : names.putIfAbsent(name, place);
        if (first != null) {
            problems.error(
                    place,
                    "duplicate test " + Words.quoted(name) + "; expected another name, the first is at " + first);
        }
        if (!section.has("packets") && !section.has("others") && !section.has("totals")) {
            problems.error(place, "test without packets, others and totals expects nothing; expected one of them");
        }
        return new Test(
                name,
                place,
                section.required("capture", path, this::path),
                section.value("set", new Set(-1, null, 0, null), this::set),
                section.value("packets", List.of(), this::packets),
                section.optional("others", this::expected),
                section.value("totals", List.of(), this::totals));
    }

    private Set set(Node node) {
        Section set = new Section(node, problems, SET_KEYS, List.of());
        return new Set(
                set.value("queue", -1, queue -> Values.integer(queue, 0, 0xffff)),
                set.optional("hook", PolicyTestsReader::word),
                (int) (long) set.value("mark", 0L, mark -> Values.number(mark, 0, Values.MAX_MARK)),
                set.optional("in_iface", Values::text));
    }

    private List<Packets> packets(Node node) throws Mistake {
        TreeMap<Integer, Packets> packets = new TreeMap<>();
        for (Entry entry : entries(node, "a map such as 4: {verdict: drop}")) {
            ValueText key = new ValueText(new Node.Scalar(entry.key()), "a packet's number, or a range such as 5-7");
            int first = (int) key.number(Integer.MAX_VALUE);
            int last = key.take("-") ? (int) key.number(Integer.MAX_VALUE) : first;
            key.end();
            if (first < 1 || last < first) {
                throw key.mistake(0, "found " + Words.quoted(key.whole()));
            }
            Map.Entry<Integer, Packets> before = packets.floorEntry(last);
            if (before != null && before.getValue().last() >= first) {
                throw new Mistake(key.source().at(0), "packet named twice", "one expectation a packet");
            }
            packets.put(first, new Packets(first, last, expected(entry.value())));
        }
        return List.copyOf(packets.values());
    }

    private static List<Entry> entries(Node node, String expected) throws Mistake {
        if (node instanceof Mapping mapping) {
            return mapping.entries();
        }
        throw node.wrongKind(expected);
    }

    private Expected expected(Node node) {
        Section section = new Section(node, problems, EXPECTED_KEYS, List.of());
        return new Expected(
                section.optional("verdict", PolicyTestsReader::word),
                section.optional("reason", PolicyTestsReader::word),
                section.optional("rule", PolicyTestsReader::word),
                section.optional("mark", Values::mark),
                section.optional("shadow", PolicyTestsReader::shadow));
    }

    private static List<Shadow> shadow(Node node) throws Mistake {
        List<Shadow> shadow = new ArrayList<>();
        for (Entry entry : entries(node, "a map such as next/x: drop; {} for none")) {
            shadow.add(new Shadow(entry.key().value(), word(entry.value())));
        }
        return List.copyOf(shadow);
    }

    private static SourceText word(Node node) throws Mistake {
        return new ValueText(node, "a word").source();
    }

    private List<Total> totals(Node node) throws Mistake {
        List<Total> totals = new ArrayList<>();
        List<String> known = new ArrayList<>(TOTALS);
        known.addAll(TOTALS_BY_NAME);
        Section checked = new Section(node, problems, known, List.of());
        for (String key : TOTALS) {
            Integer count = checked.optional(key, PolicyTestsReader::count);
            if (count != null) {
                totals.add(new Total(checked.place(key), List.of(key), count));
            }
        }
        for (String key : TOTALS_BY_NAME) {
            totals.addAll(checked.value(key, List.of(), map -> byName(key, map)));
        }
        return List.copyOf(totals);
    }

    private static List<Total> byName(String key, Node node) throws Mistake {
        List<Total> totals = new ArrayList<>();
        for (Entry entry : entries(node, "a map of names and counts")) {
            Place place = entry.key().place();
            totals.add(new Total(place, List.of(key, entry.key().value()), count(entry.value())));
        }
        return totals;
    }

    private static int count(Node node) throws Mistake {
        return Values.integer(node, 0, Integer.MAX_VALUE);
    }
}

package dev.gavel.config;

import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.Words;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one policy file; its expressions stay texts. */
final class PolicyReader {
    private static final List<String> KEYS =
            List.of("policy", "version", "queues", "when", "mode", "lists", "overload", "rules", "default");
    private static final List<String> RULE_KEYS =
            List.of("name", "verdict", "when", "mark", "scope", "mode", "limit", "event", "message", "id", "severity");
    private static final List<String> LATER_OF_RULES = List.of("connmark", "ban", "offload");

    /** The scopes of this version. */
    private enum Scope {
        PACKET
    }

    private final Path path;
    private final Problems problems;
    private final Map<String, Place> ruleNames = new HashMap<>();
    private final Section.Reading<LimitEntry> limits;
    private Mode mode = Mode.ENFORCE;

    private PolicyReader(Path path, Problems problems) {
        this.path = path;
        this.problems = problems;
        limits = node -> LimitReader.read(node, problems);
    }

    /** After a problem, values that could not be read are placeholders. */
    static PolicyFile read(SourceFile file, Problems problems) {
        Place start = Place.start(file.name());
        try {
            Node root = YamlReader.read(file, problems);
            if (root != null) {
                return new PolicyReader(Path.of(file.name()), problems).policy(root);
            }
            problems.error(start, "empty file; expected a policy, with policy: NAME and rules:");
        } catch (Mistake e) {
            e.reportTo(problems);
        }
        return new PolicyFile("", start, Mode.ENFORCE, List.of(), List.of(), null, null, List.of(), null);
    }

    private PolicyFile policy(Node root) {
        Section section = new Section(root, problems, KEYS, List.of());
        section.value("version", 1, Values::version);
        mode = section.value("mode", Mode.ENFORCE, PolicyReader::mode);
        return new PolicyFile(
                section.required("policy", "", Values::name),
                section.place("policy"),
                mode,
                section.value("queues", List.of(), Values::queueNumbers),
                section.value("lists", List.of(), new ListsReader(path, problems)::read),
                section.optional("when", Values::expression),
                section.optional("overload", VerdictWords::ofTrouble),
                section.value("rules", List.of(), this::rules),
                section.optional("default", VerdictWords::ofDefault));
    }

    private List<RuleEntry> rules(Node node) throws Mistake {
        List<RuleEntry> rules = new ArrayList<>();
        for (Node item : Values.list(node)) {
            rules.add(rule(new Section(item, problems, RULE_KEYS, LATER_OF_RULES)));
        }
        return List.copyOf(rules);
    }

    private static Mode mode(Node node) throws Mistake {
        return Values.word(node, "mode", Mode.class);
    }

    private RuleEntry rule(Section section) {
        section.value("scope", Scope.PACKET, node -> Values.word(node, "scope", Scope.class, "flow"));
        Place place = section.place("name");
        VerdictChoice placeholder = new VerdictChoice(Verdict.DROP, section.place("verdict"));
        return new RuleEntry(
                distinct(section.required("name", "", Values::name), place),
                place,
                section.required("verdict", placeholder, VerdictWords::ofRule),
                section.optional("when", Values::expression),
                ruleMode(section),
                section.optional("limit", limits),
                section.optional("mark", Values::mark),
                section.optional("event", Values::eventRate),
                section.optional("message", Values::text),
                section.value("id", 0, node -> Values.integer(node, 1, Integer.MAX_VALUE)),
                section.value("severity", 3, node -> Values.integer(node, 1, 4)));
    }

    /** The rule's own, unless the policy decides nothing at all. */
    private Mode ruleMode(Section section) {
        Mode own = section.value("mode", mode, PolicyReader::mode);
        if (own != mode && mode == Mode.SHADOW) {
            problems.warning(
                    section.place("mode"),
                    "the whole policy is in shadow mode, so this rule does not decide either; remove it, or the"
                            + " policy's mode: shadow");
        }
        return mode == Mode.SHADOW ? mode : own;
    }

    private String distinct(String name, Place place) {
        Place first = name.isEmpty() ? null : ruleNames.putIfAbsent(name, place);
        if (first != null) {
            problems.error(
                    place,
                    "duplicate rule " + Words.quoted(name) + "; expected another name, the first is at " + first.line()
                            + ":" + first.column());
        }
        return name;
    }
}

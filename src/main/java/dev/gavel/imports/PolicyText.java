package dev.gavel.imports;

import dev.gavel.imports.Ruleset.Line;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The policy file, rule by rule. */
final class PolicyText {
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Integer> names = new HashMap<>();
    private final String name;
    private String guard = "";
    private int rules;

    PolicyText(String name) {
        this.name = name;
    }

    void guard(Expr when) {
        guard = "when: " + scalar(when.text()) + "\n";
    }

    void heading(String words) {
        text.append('\n');
        comment(words);
    }

    void comment(String words) {
        text.append("  # ").append(words).append('\n');
    }

    /** A name that was used is made another. */
    void rule(String wanted, Line line, Expr when, Target target, String message) {
        int uses = names.merge(wanted, 1, Integer::sum);
        comment(line.number() + ": " + Notes.shown(line.text()));
        text.append("  - name: ")
                .append(wanted)
                .append(uses == 1 ? "" : "-" + uses)
                .append('\n');
        if (!when.equals(Expr.ALWAYS)) {
            text.append("    when: ").append(scalar(when.text())).append('\n');
        }
        if (target instanceof Target.Verdict verdict) {
            text.append("    verdict: ").append(verdict.words()).append('\n');
        } else if (target instanceof Target.Mark mark) {
            text.append("    verdict: continue\n");
            if (mark.mask() != 0) {
                text.append(String.format("    mark: 0x%x/0x%x\n", mark.value(), mark.mask()));
            }
        }
        if (!message.isEmpty()) {
            text.append("    message: ").append(scalar(Notes.shown(message))).append('\n');
        }
        rules++;
    }

    /** On one line, so that YAML changes nothing in it but doubled quotes. */
    private static String scalar(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    int rules() {
        return rules;
    }

    int length() {
        return text.length();
    }

    String whole(String source, List<String> notes, Map<String, List<String>> lists) {
        StringBuilder whole =
                new StringBuilder("# Made by gavel import from ").append(source).append(".\n");
        if (!notes.isEmpty()) {
            whole.append("# Not the same as there:\n");
            notes.forEach(note -> whole.append("#   ").append(note).append('\n'));
        }
        whole.append("policy: ").append(name).append('\n').append(guard);
        whole.append(lists.isEmpty() ? "" : "lists:\n");
        lists.forEach((list, entries) -> {
            whole.append("  ").append(list).append(":\n    type: net\n    entries:\n");
            entries.forEach(
                    entry -> whole.append("      - ").append(scalar(entry)).append('\n'));
        });
        return whole.append(rules == 0 ? "rules: []\n" : "rules:\n")
                .append(text)
                .toString();
    }
}

package dev.gavel.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of one {@code iptables-save} output; also what {@code iptables -S} prints, as table filter. */
final class Ruleset {
    private static final Pattern CHAIN = Pattern.compile(":(\\S+)\\s+(\\S+)(\\s+\\[\\d+:\\d+])?");
    private static final Pattern RULE =
            Pattern.compile("(?:\\[\\d+:\\d+]\\s+)?(?:-A|--append)\\s+(\\S+)\\s*(.*)", Pattern.DOTALL);
    private static final Pattern POLICY = Pattern.compile("-P\\s+(\\S+)\\s+(\\S+)");
    private static final Pattern NEW_CHAIN = Pattern.compile("-N\\s+(\\S+)");

    /** One rule line, with the chain's name taken off. */
    record Line(int number, String text) {}

    /** Of a user's chain the policy is {@code -}. */
    static final class Chain {
        final String name;
        String policy = "-";
        int line;
        final List<Line> rules = new ArrayList<>();

        Chain(String name, int line) {
            this.name = name;
            this.line = line;
        }

        boolean decidesAnything() {
            return !rules.isEmpty() || policy.equals("DROP");
        }
    }

    /** By table, by chain's name, as they come. */
    final Map<String, Map<String, Chain>> tables = new LinkedHashMap<>();

    final Notes notes;
    private Map<String, Chain> table = Map.of();
    private boolean inTable;

    private Ruleset(Notes notes) {
        this.notes = notes;
    }

    /** Lines that are nothing known are noted. */
    static Ruleset read(List<String> lines, Notes notes) {
        Ruleset ruleset = new Ruleset(notes);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#") && !ruleset.take(i + 1, line)) {
                notes.add(i + 1, line, "not a line of iptables-save");
            }
        }
        return ruleset;
    }

    /** By name; none if there is no such table. */
    Map<String, Chain> chains(String table) {
        return tables.getOrDefault(table, Map.of());
    }

    private boolean take(int number, String line) {
        if (line.startsWith("*")) {
            enter(line.substring(1).strip());
            return true;
        }
        if (line.equals("COMMIT")) {
            inTable = false;
            return true;
        }
        Matcher rule = RULE.matcher(line);
        Matcher declared = CHAIN.matcher(line);
        Matcher policy = POLICY.matcher(line);
        Matcher added = NEW_CHAIN.matcher(line);
        if (rule.matches()) {
            chain(rule.group(1), number).rules.add(new Line(number, rule.group(2)));
        } else if (declared.matches() || policy.matches()) {
            Matcher found = declared.matches() ? declared : policy;
            Chain chain = chain(found.group(1), number);
            chain.policy = found.group(2);
            chain.line = number;
        } else if (added.matches()) {
            chain(added.group(1), number);
        } else {
            return false;
        }
        return true;
    }

    private void enter(String name) {
        table = tables.computeIfAbsent(name, added -> new LinkedHashMap<>());
        inTable = true;
    }

    private Chain chain(String name, int line) {
        if (!inTable) {
            enter("filter");
        }
        return table.computeIfAbsent(name, added -> new Chain(added, line));
    }
}

package dev.gavel.cli.replay;

import dev.gavel.engine.Ruling;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Shadow;
import dev.gavel.policy.program.Visit;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One JSON object a line: each packet, then the summary. */
final class JsonReport implements Report {
    private final PrintWriter out;

    JsonReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void packet(ReplayedPacket judged) {
        out.println(object(members(judged)));
    }

    /** As a packet, and then its way: every guard, rule and default that it met. */
    void explain(ReplayedPacket judged) {
        Map<String, String> members = members(judged);
        members.put("way", list(judged.way().get().stream().map(JsonReport::visit)));
        out.println(object(members));
    }

    private static String visit(Visit visit) {
        Rule rule = visit.rule();
        Verdict verdict = visit.verdict();
        Map<String, String> members = new LinkedHashMap<>();
        members.put("kind", string(word(visit.kind())));
        members.put("policy", string(visit.policy()));
        members.put("rule", string(rule == null ? null : rule.name()));
        members.put("mode", string(visit.mode().word()));
        members.put("verdict", string(verdict == null ? null : verdict.kind().word()));
        members.put("value", string(word(visit.value())));
        members.put("tests", list(visit.asked().stream().map(JsonReport::asked)));
        return object(members);
    }

    private static String asked(Visit.Asked asked) {
        Map<String, String> fields = new LinkedHashMap<>();
        asked.fields().forEach((field, value) -> fields.put(field, string(value)));
        Map<String, String> members = new LinkedHashMap<>();
        members.put("test", string(asked.test()));
        members.put("value", string(word(asked.value())));
        members.put("fields", object(fields));
        return object(members);
    }

    private static String list(Stream<String> items) {
        return items.collect(Collectors.joining(",", "[", "]"));
    }

    /** A constant as users read it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> members(ReplayedPacket judged) {
        Ruling ruling = judged.ruling();
        Rule rule = ruling.rule();
        Map<String, String> members = new LinkedHashMap<>();
        members.put("packet", Long.toString(judged.frame().number()));
        members.put("time", string(judged.time()));
        members.put("verdict", string(ruling.verdict().kind().word()));
        if (ruling.verdict() instanceof Verdict.Requeue requeue) {
            members.put("queue", Integer.toString(requeue.queueNumber()));
        }
        members.put("reason", string(ruling.reason().word()));
        members.put("policy", string(ruling.policy()));
        members.put("rule", string(rule == null ? null : rule.name()));
        members.put("length", Integer.toString(judged.length()));
        members.put("flow", judged.flow() == 0 ? "null" : Integer.toString(judged.flow()));
        if (ruling.isMarked()) {
            members.put("mark", string(mark(ruling)));
        }
        if (ruling.findings().continuedCount() > 0) {
            List<String> continued = new ArrayList<>();
            for (int i = 0; i < ruling.findings().continuedCount(); i++) {
                continued.add(string(ruling.findings().continued(i).path()));
            }
            members.put("continued", "[" + String.join(",", continued) + "]");
        }
        if (ruling.findings().shadows().count() > 0) {
            members.put("shadow", shadows(ruling));
        }
        return members;
    }

    private static String shadows(Ruling ruling) {
        List<String> shadows = new ArrayList<>();
        for (int i = 0; i < ruling.findings().shadows().count(); i++) {
            Shadow shadow = ruling.findings().shadows().met(i);
            Rule rule = shadow.rule();
            Map<String, String> members = new LinkedHashMap<>();
            members.put("policy", string(shadow.policy()));
            members.put("rule", string(rule == null ? null : rule.name()));
            members.put("verdict", string(shadow.word()));
            if (shadow.verdict() instanceof Verdict.Requeue requeue) {
                members.put("queue", Integer.toString(requeue.queueNumber()));
            }
            shadows.add(object(members));
        }
        return "[" + String.join(",", shadows) + "]";
    }

    /** The bits that are set, and the bits that are changed. */
    static String mark(Ruling ruling) {
        return String.format("0x%x/0x%x", ruling.mark() & ruling.changedMask(), ruling.changedMask());
    }

    @Override
    public void summary(Totals totals) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("packets", Integer.toString(totals.packets));
        for (Verdict.Kind kind : List.of(Verdict.Kind.ACCEPT, Verdict.Kind.DROP, Verdict.Kind.REJECT)) {
            members.put(kind.word(), Integer.toString(totals.verdicts(kind)));
        }
        int other = totals.verdicts(Verdict.Kind.REPEAT) + totals.verdicts(Verdict.Kind.QUEUE);
        members.put("other", Integer.toString(other));
        members.put("flows", Integer.toString(totals.flows));
        members.put("malformed", Integer.toString(totals.reasons(Reason.MALFORMED)));
        members.put("rules", counts(totals.rules()));
        Map<String, Integer> reasons = new LinkedHashMap<>();
        totals.reasons.forEach((reason, count) -> reasons.put(reason.word(), count));
        members.put("reasons", counts(reasons));
        members.put("shadow", counts(totals.shadows()));
        out.println(object(Map.of("summary", object(members))));
    }

    private static String counts(Map<String, Integer> counts) {
        Map<String, String> members = new LinkedHashMap<>();
        counts.forEach((name, count) -> members.put(name, Integer.toString(count)));
        return object(members);
    }

    private static String object(Map<String, String> members) {
        List<String> parts = new ArrayList<>();
        members.forEach((name, value) -> parts.add(string(name) + ":" + value));
        return "{" + String.join(",", parts) + "}";
    }

    private static String string(@Nullable String value) {
        if (value == null) {
            return "null";
        }
        StringBuilder escaped = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.append('"').toString();
    }
}

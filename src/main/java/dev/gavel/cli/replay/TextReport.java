package dev.gavel.cli.replay;

import dev.gavel.engine.Ruling;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Shadow;
import dev.gavel.policy.program.Visit;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A line a packet for people, then totals. */
final class TextReport implements Report {
    private final PrintWriter out;

    TextReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void packet(ReplayedPacket judged) {
        Ruling ruling = judged.ruling();
        out.printf(
                "%5d  %s  %-10s  %-28s  %5d bytes%s%n",
                judged.frame().number(),
                judged.time(),
                verdict(ruling),
                why(ruling),
                judged.length(),
                (judged.flow() == 0 ? "" : "  flow " + judged.flow()) + shadows(ruling));
    }

    /** As a packet, and then its way: every guard, rule and default that it met, with what each test saw. */
    void explain(ReplayedPacket judged) {
        packet(judged);
        List<String> way = way(judged);
        out.println(way.isEmpty() ? "the policies were not asked" : String.join(System.lineSeparator(), way));
    }

    /** A line a guard, rule or default, and one below it for each of its tests. */
    static List<String> way(ReplayedPacket judged) {
        List<String> lines = new ArrayList<>();
        for (Visit visit : judged.way().get()) {
            Verdict verdict = visit.verdict();
            String would = visit.kind() == Visit.Kind.GUARD
                    ? ""
                    : verdict == null ? "continue" : verdict.kind().word();
            String mode = visit.mode() == Mode.SHADOW ? " (shadow)" : "";
            lines.add(String.format("  %-5s  %s  %s%s", JsonReport.word(visit.value()), name(visit), would, mode)
                    .stripTrailing());
            for (Visit.Asked asked : visit.asked()) {
                String fields = asked.fields().entrySet().stream()
                        .map(field -> field.getKey() + " is " + field.getValue())
                        .collect(Collectors.joining(", "));
                lines.add(String.format("    %-5s  %s   (%s)", JsonReport.word(asked.value()), asked.test(), fields));
            }
        }
        return lines;
    }

    private static String name(Visit visit) {
        Rule rule = visit.rule();
        String of = visit.policy() == null ? "daemon" : visit.policy();
        return rule != null ? "rule " + rule.path() : JsonReport.word(visit.kind()) + " of " + of;
    }

    private static String shadows(Ruling ruling) {
        StringBuilder shadows = new StringBuilder();
        for (int i = 0; i < ruling.findings().shadows().count(); i++) {
            Shadow shadow = ruling.findings().shadows().met(i);
            shadows.append(i == 0 ? "  shadow " : ", ")
                    .append(shadow.path())
                    .append(' ')
                    .append(shadow.word());
        }
        return shadows.toString();
    }

    static String verdict(Ruling ruling) {
        String word = ruling.verdict().kind().word();
        return ruling.verdict() instanceof Verdict.Requeue requeue ? word + " " + requeue.queueNumber() : word;
    }

    private static String why(Ruling ruling) {
        Rule rule = ruling.rule();
        String decided = rule != null ? rule.path() : ruling.policy();
        String why = decided == null ? ruling.reason().word() : ruling.reason().word() + " " + decided;
        return ruling.isMarked() ? why + " mark " + JsonReport.mark(ruling) : why;
    }

    @Override
    public void summary(Totals totals) {
        String verdicts = totals.verdicts.entrySet().stream()
                .map(entry -> entry.getKey().word() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        String reasons = totals.reasons.entrySet().stream()
                .map(entry -> entry.getKey().word() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        if (totals.packets == 0) {
            out.println("no packets");
            return;
        }
        out.printf("%n%d packets in %d flows: %s%n", totals.packets, totals.flows, verdicts);
        out.printf("reasons: %s%n", reasons);
        totals.rules().forEach((rule, count) -> out.printf("rule %s: %d%n", rule, count));
        totals.shadows().forEach((rule, count) -> out.printf("shadow rule %s: %d%n", rule, count));
    }
}

package dev.gavel.cli.replay;

import dev.gavel.config.PolicyTests;
import dev.gavel.config.PolicyTests.Expected;
import dev.gavel.config.PolicyTests.Shadow;
import dev.gavel.config.PolicyTests.Total;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import dev.gavel.queue.Hook;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the words of a test file: an expectation that cannot come true because of a typing error is a mistake. */
final class TestWords {
    private static final List<String> VERDICTS =
            Arrays.stream(Verdict.Kind.values()).map(Verdict.Kind::word).toList();
    private static final List<String> REASONS =
            Arrays.stream(Reason.values()).map(Reason::word).toList();
    private static final List<String> HOOKS =
            Arrays.stream(Hook.values()).map(Hook::word).toList();

    private final Set<String> rules = new LinkedHashSet<>(List.of("null"));
    private final Set<String> shadows = new LinkedHashSet<>();
    private final Problems problems;

    TestWords(Program program, Problems problems) {
        program.rules().stream().map(Rule::path).forEach(rules::add);
        program.rules().stream()
                .flatMap(rule -> Stream.of(rule.path(), rule.policy()))
                .forEach(shadows::add);
        this.problems = problems;
    }

    void check(PolicyTests tests) {
        for (PolicyTests.Test test : tests.tests()) {
            check("hook", test.set().hook(), HOOKS);
            test.packets().forEach(named -> check(named.expected()));
            check(test.others());
            test.totals().forEach(this::check);
        }
    }

    private void check(Total total) {
        Collection<String> known =
                switch (total.key().get(0)) {
                    case "rules" -> rules;
                    case "reasons" -> REASONS;
                    default -> shadows;
                };
        if (total.key().size() > 1) {
            check("name", total.key().get(1), total.place(), known);
        }
    }

    private void check(@Nullable Expected expected) {
        if (expected != null) {
            SourceText verdict = expected.verdict();
            if (verdict == null || !verdict.value().startsWith("queue ")) {
                check("verdict", verdict, VERDICTS);
            }
            check("reason", expected.reason(), REASONS);
            check("rule", expected.rule(), rules);
            for (Shadow shadow : Objects.requireNonNullElse(expected.shadow(), List.<Shadow>of())) {
                check("shadow rule", shadow.rule(), shadow.verdict().place(), shadows);
            }
        }
    }

    private void check(String what, @Nullable SourceText word, Collection<String> known) {
        if (word != null) {
            check(what, word.value(), word.place(), known);
        }
    }

    private void check(String what, String word, Place place, Collection<String> known) {
        if (!known.contains(word)) {
            String expected = known.size() > 20 ? "one of the policies'" : Words.either(List.copyOf(known));
            problems.error(
                    place,
                    "unknown " + what + " " + Words.quoted(word) + "; expected " + expected
                            + Words.didYouMean(word, known));
        }
    }
}

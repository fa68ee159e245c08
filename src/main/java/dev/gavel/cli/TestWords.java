package dev.gavel.cli;

import dev.gavel.config.PolicyTests;
import dev.gavel.config.PolicyTests.Expected;
import dev.gavel.config.Problems;
import dev.gavel.config.SourceText;
import dev.gavel.config.Words;
import dev.gavel.policy.Program;
import dev.gavel.policy.Rule;
import dev.gavel.queue.Hook;
import dev.gavel.queue.Reason;
import dev.gavel.queue.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the words of a test file: an expectation that cannot come true because of a typing error is a mistake. */
final class TestWords {
    private static final List<String> VERDICTS =
            Arrays.stream(Verdict.Kind.values()).map(Verdict.Kind::word).toList();
    private static final List<String> REASONS =
            Arrays.stream(Reason.values()).map(Reason::word).toList();
    private static final List<String> HOOKS =
            Arrays.stream(Hook.values()).map(Hook::word).toList();

    private final List<String> rules = new ArrayList<>(List.of("null"));
    private final Problems problems;

    TestWords(Program program, Problems problems) {
        program.rules().stream().map(Rule::path).forEach(rules::add);
        this.problems = problems;
    }

    void check(PolicyTests tests) {
        for (PolicyTests.Test test : tests.tests()) {
            check("hook", test.set().hook(), HOOKS);
            test.packets().forEach(named -> check(named.expected()));
            check(test.others());
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
        }
    }

    private void check(String what, @Nullable SourceText word, List<String> known) {
        if (word != null && !known.contains(word.value())) {
            String expected = known.size() > 20 ? "one of the policies'" : Words.either(known);
            problems.error(
                    word.place(),
                    "unknown " + what + " " + word + "; expected " + expected + Words.didYouMean(word.value(), known));
        }
    }
}

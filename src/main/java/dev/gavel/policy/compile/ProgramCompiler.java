package dev.gavel.policy.compile;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.DaemonConfig.Rate;
import dev.gavel.config.MarkChange;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.VerdictChoice;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import dev.gavel.policy.check.CircleCheck;
import dev.gavel.policy.check.MarkCheck;
import dev.gavel.policy.check.OrderCheck;
import dev.gavel.policy.check.ReachCheck;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.program.LimitedRule;
import dev.gavel.policy.program.OverloadVerdict;
import dev.gavel.policy.program.Program;
import dev.gavel.policy.program.Rule;
import dev.gavel.policy.program.Step;
import dev.gavel.policy.syntax.Expression;
import dev.gavel.queue.Alert;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Compiles all policies of one load, and reports all mistakes in them. */
public final class ProgramCompiler {
    private final DaemonConfig config;
    private final List<PolicyFile> files;
    private final Problems problems;
    private final Patterns patterns = new Patterns();
    private final LimitCompiler limits;
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Place> policyNames = new HashMap<>();
    private final Map<SourceText, Expression> parsed = new HashMap<>(); // current policy, by identity

    /** {@code before} holds the rules with limits of the last program; unchanged rules keep their buckets. */
    public ProgramCompiler(DaemonConfig config, List<PolicyFile> files, List<LimitedRule> before, Problems problems) {
        this.config = config;
        this.files = List.copyOf(files);
        this.problems = problems;
        limits = new LimitCompiler(before, problems);
    }

    public Program compile() throws ConfigException {
        problems.reading(config.policiesPlace().file());
        Lists ofAllPolicies = new Lists(config.lists(), problems);
        List<Program.Policy> policies = new ArrayList<>();
        for (PolicyFile file : files) {
            problems.reading(file.place().file());
            policies.add(policy(file, new Lists(file.lists(), ofAllPolicies, problems)));
        }
        ofAllPolicies.warnOfUnused(problems);
        Program.Policy daemonDefault = Program.Policy.of(
                null,
                Condition.Constant.ALWAYS,
                null,
                byDefault(config.defaultVerdict(), null, Mode.ENFORCE, queue -> true));
        new CircleCheck(config, files).check(problems);
        new MarkCheck(config, files).check(problems);
        new OrderCheck(files).check(problems);
        problems.throwIfErrors();
        Program.Contents contents = new Program.Contents(
                rules, limits.limited(), patterns.searches(), patterns.places(), problems.warnings());
        return Program.of(files, policies, daemonDefault, contents);
    }

    private Program.Policy policy(PolicyFile file, Lists lists) {
        Place first = file.name().isEmpty() ? null : policyNames.putIfAbsent(file.name(), file.place());
        if (first != null) {
            problems.error(
                    file.place(),
                    "duplicate policy " + Words.quoted(file.name()) + "; expected another name, the first is at "
                            + first);
        }
        Condition guard = condition(file.when(), lists);
        List<Step> steps = new ArrayList<>();
        for (RuleEntry entry : file.rules()) {
            steps.add(rule(file, entry, lists));
        }
        VerdictChoice choice = file.defaultVerdict();
        if (choice != null) {
            steps.add(byDefault(choice, file.name(), file.mode(), file::takes));
        }
        lists.warnOfUnused(problems);
        new ReachCheck(file, parsed, problems).check();
        parsed.clear();
        return Program.Policy.of(file.name(), guard, overload(file, guard), steps.toArray(Step[]::new));
    }

    private @Nullable OverloadVerdict overload(PolicyFile file, Condition guard) {
        Verdict own = file.overload();
        SourceText when = file.when();
        if (own == null) {
            return null;
        }
        if (when != null && guard.asksForBytes()) {
            problems.error(
                    when.place(),
                    "a policy with overload has a guard that searches in packets; expected header fields only: who is"
                            + " too late to judge a packet cannot search in it");
        }
        if (file.mode() == Mode.SHADOW) {
            return null; // a policy in shadow mode decides nothing
        }
        return new OverloadVerdict(file.name(), own);
    }

    private Step rule(PolicyFile file, RuleEntry entry, Lists lists) {
        checkMark(entry);
        Rule rule = new Rule(
                rules.size(),
                file.name(),
                entry.name(),
                entry.mode(),
                entry.verdict().verdict(),
                alert(file, entry),
                entry.place());
        rules.add(rule);
        return Step.ofRule(
                rule, condition(entry.when(), lists), limits.compile(rule, file, entry, lists), entry.mark());
    }

    private static @Nullable Alert alert(PolicyFile file, RuleEntry entry) {
        Rate rate = entry.event();
        Alert.Source source =
                new Alert.Source(file.name(), entry.name(), entry.mode().word());
        return rate == null
                ? null
                : new Alert(source, entry.message(), entry.id(), entry.severity(), rate.count(), rate.perNs());
    }

    private Condition condition(@Nullable SourceText when, Lists lists) {
        return when == null
                ? Condition.Constant.ALWAYS
                : ConditionCompiler.compile(when, lists, patterns, parsed, problems);
    }

    private void checkMark(RuleEntry entry) {
        MarkChange mark = entry.mark();
        Verdict verdict = entry.verdict().verdict();
        if (verdict == Verdict.REPEAT && mark == null) {
            problems.error(
                    entry.verdict().place(),
                    "\"repeat\" without a mark never ends; expected mark: VALUE/MASK beside it");
        } else if (verdict == Verdict.REPEAT && mark != null && mark.value() == 0) {
            problems.error(mark.place(), "mark 0, which packets have anyway; expected a mark that ends the loop");
        } else if (mark != null && verdict != null && verdict.blocks()) {
            problems.warning(mark.place(), "mark on a packet that is dropped has no effect; remove it");
        }
    }

    /** Compiles the default verdict of {@code policy}, or of the daemon if {@code policy} is null. */
    private Step byDefault(VerdictChoice choice, @Nullable String policy, Mode mode, IntPredicate takes) {
        MarkChange repeatMark = choice.verdict() == Verdict.REPEAT ? repeatMark(choice, takes) : null;
        return Step.byDefault(choice.verdict(), repeatMark, policy, mode);
    }

    /**
     * The mark for a default {@code repeat}. A default cannot set a mark itself, so the one mark shared by all its
     * queues is used; an error is reported if the queues have no such mark.
     */
    private @Nullable MarkChange repeatMark(VerdictChoice choice, IntPredicate takes) {
        List<MarkChange> marks = new ArrayList<>();
        for (QueueConfig queue : config.queues()) {
            MarkChange mark = queue.repeatMark();
            if (takes.test(queue.number()) && mark == null) {
                marks.clear();
                break;
            }
            if (takes.test(queue.number()) && mark != null) {
                marks.add(mark);
            }
        }
        MarkChange first = marks.isEmpty() ? null : marks.get(0);
        if (first == null || !marks.stream().allMatch(m -> m.value() == first.value() && m.mask() == first.mask())) {
            problems.error(
                    choice.place(),
                    "default \"repeat\" without a mark never ends; expected mode: repeat, with one repeat-mark, on"
                            + " every queue that it is for");
        }
        return first;
    }
}

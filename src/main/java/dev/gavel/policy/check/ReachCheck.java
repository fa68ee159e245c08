package dev.gavel.policy.check;

import dev.gavel.config.PolicyFile;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.VerdictChoice;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import dev.gavel.policy.syntax.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Warns of rules of one policy that never match, because earlier rules decide every packet that they would match: the
 * conditions that an earlier rule requires are all required by the later rule too. Reports only certain cases.
 */
public final class ReachCheck {
    /** Bounds the time for thousands of similar rules; after this many comparisons, no more warnings are given. */
    private static final int MAX_COMPARISONS = 5_000_000;

    /** An earlier rule that decides every packet for which all of {@code conjuncts} are true. */
    private record Decided(Set<String> conjuncts, RuleEntry rule) {}

    private final PolicyFile file;
    private final Map<SourceText, Expression> parsed;
    private final Problems problems;
    private final Set<String> guard = new HashSet<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, List<Decided>> decided = new HashMap<>(); // by the rarest conjunct of each
    private int comparisons;

    /** {@code parsed} holds the expressions of {@code file} that were parsed without error. */
    public ReachCheck(PolicyFile file, Map<SourceText, Expression> parsed, Problems problems) {
        this.file = file;
        this.parsed = parsed;
        this.problems = problems;
    }

    public void check() {
        Expression ofAll = parsed(file.when());
        if (ofAll != null) {
            guard.addAll(NormalForm.conjuncts(ofAll));
        }
        checkRules();
    }

    private void checkRules() {
        List<List<Set<String>>> alternatives = new ArrayList<>();
        for (RuleEntry rule : file.rules()) {
            Expression when = parsed(rule.when());
            List<Set<String>> ofRule = when == null ? List.of() : alternatives(when);
            alternatives.add(ofRule);
            for (Set<String> conjuncts : ofRule) {
                for (String conjunct : conjuncts) {
                    uses.merge(conjunct, 1, Integer::sum);
                }
            }
        }
        for (int i = 0; i < alternatives.size(); i++) {
            RuleEntry rule = file.rules().get(i);
            if (!alternatives.get(i).isEmpty()) {
                check(rule, alternatives.get(i));
            } else if (OrderCheck.decidesAll(rule)) {
                return; // OrderCheck warns of the rules after it
            }
        }
        checkDefault();
    }

    private @Nullable Expression parsed(@Nullable SourceText when) {
        return when == null ? null : parsed.get(when);
    }

    private void checkDefault() {
        VerdictChoice byDefault = file.defaultVerdict();
        Decided all = byDefault == null ? null : decider(Set.of());
        if (byDefault != null && all != null) {
            problems.warning(
                    byDefault.place(),
                    "the default is never reached: rule " + Words.quoted(all.rule.name())
                            + " demands no more than the policy's guard");
        }
    }

    private void check(RuleEntry rule, List<Set<String>> alternatives) {
        Decided first = decider(alternatives.get(0));
        Decided last = first;
        if (first == null) {
            for (Set<String> conjuncts : alternatives.subList(1, alternatives.size())) {
                last = decider(conjuncts);
                if (last == null) {
                    break;
                }
                first = first == null ? last : first;
            }
        }
        if (first != null && last != null) {
            problems.warning(rule.place(), "rule " + Words.quoted(rule.name()) + because(first, last));
        } else if (OrderCheck.decides(rule)) {
            for (Set<String> conjuncts : alternatives) {
                add(new Decided(conjuncts, rule));
            }
        }
    }

    private static String because(Decided first, Decided last) {
        String name = Words.quoted(first.rule.name());
        return first.rule.name().equals(last.rule.name())
                ? " is never reached: rule " + name + " in front decides every packet that it matches"
                : " is never reached: rules in front, " + name + " and " + Words.quoted(last.rule.name())
                        + " among them, decide every packet that it matches";
    }

    /**
     * Returns sets of conjuncts; {@code when} is true if all conjuncts of one set are true. The first set stands for
     * the whole expression; if it has several disjuncts, one set for each follows.
     */
    private static List<Set<String>> alternatives(Expression when) {
        List<Set<String>> alternatives = new ArrayList<>();
        alternatives.add(NormalForm.conjuncts(when));
        List<Expression> disjuncts = NormalForm.disjuncts(when);
        if (disjuncts.size() > 1) {
            for (Expression part : disjuncts) {
                alternatives.add(NormalForm.conjuncts(part));
            }
        }
        return alternatives;
    }

    private void add(Decided next) {
        String rarest = "";
        int fewest = Integer.MAX_VALUE;
        for (String conjunct : next.conjuncts) {
            int count = uses.getOrDefault(conjunct, 0);
            if (count < fewest) {
                fewest = count;
                rarest = conjunct;
            }
        }
        decided.computeIfAbsent(rarest, conjunct -> new ArrayList<>()).add(next);
    }

    /**
     * Finds an earlier rule that certainly decides each packet for which {@code conjuncts} and the guard are true; null
     * if there is none.
     */
    private @Nullable Decided decider(Set<String> conjuncts) {
        Set<String> fulfilled = new HashSet<>(conjuncts);
        fulfilled.addAll(guard);
        for (String conjunct : fulfilled) {
            for (Decided candidate : decided.getOrDefault(conjunct, List.of())) {
                if (++comparisons > MAX_COMPARISONS) {
                    return null;
                }
                if (fulfilled.containsAll(candidate.conjuncts)) {
                    return candidate;
                }
            }
        }
        return null;
    }
}

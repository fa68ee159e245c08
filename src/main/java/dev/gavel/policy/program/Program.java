package dev.gavel.policy.program;

import dev.gavel.config.PolicyFile;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problem;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.facts.Truth;
import dev.gavel.policy.index.Candidates;
import dev.gavel.policy.index.RuleIndex;
import dev.gavel.policy.index.RuleIndexBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compiled policies. Immutable but for the buckets of limits, shared by all threads that judge. */
public final class Program {
    /** The queue of a packet that came by none: the policies of every queue hold for it. */
    public static final int ANY_QUEUE = -1;

    private static final int REACHED_BY_ALL = -1;

    /** The guard and the steps of one policy, or the daemon's default. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Policy(
            @Nullable String name,
            Condition guard,
            Condition noted,
            @Nullable OverloadVerdict overload,
            Step... steps) {
        /** {@code name} null: the daemon's default; {@code overload} null: the daemon's. */
        public static Policy of(
                @Nullable String name, Condition guard, @Nullable OverloadVerdict overload, Step... steps) {
            return new Policy(name, guard.plain(), guard, overload, steps);
        }
    }

    private final List<Rule> rules;
    private final List<LimitedRule> limited;
    private final List<Search> searches;
    private final Map<Pattern, Place> places;
    private final List<Problem> warnings;
    private final Policy[] policies; // the daemon's default is the last
    private final PoliciesByQueue byQueue;
    private final Step[] steps; // of all policies
    private final int[] policyOf; // each step's
    private final int[] ends; // behind the last step of each policy
    private final RuleIndex index;
    private final List<OverloadVerdict> overloadVerdicts;

    /** {@code policies} are those of {@code files}, in their order. */
    public Program(
            List<PolicyFile> files,
            List<Policy> policies,
            Policy daemonDefault,
            List<Rule> rules,
            List<LimitedRule> limited,
            List<Search> searches,
            Map<Pattern, Place> places,
            List<Problem> warnings) {
        this.rules = List.copyOf(rules);
        this.limited = List.copyOf(limited);
        this.searches = List.copyOf(searches);
        this.places = Map.copyOf(places);
        this.warnings = List.copyOf(warnings);
        this.policies =
                Stream.concat(policies.stream(), Stream.of(daemonDefault)).toArray(Policy[]::new);
        byQueue = new PoliciesByQueue(files);
        ends = Stream.of(this.policies).mapToInt(policy -> policy.steps.length).toArray();
        Arrays.parallelPrefix(ends, Integer::sum);
        steps = new Step[ends[ends.length - 1]];
        policyOf = new int[steps.length];
        List<RuleIndexBuilder.Entry> entries = new ArrayList<>();
        for (int i = 0; i < ends.length; i++) {
            boolean takesAll = i == files.size() || files.get(i).queues().isEmpty();
            int reach = takesAll && this.policies[i].guard == Condition.ALWAYS ? REACHED_BY_ALL : i;
            Condition guard = this.policies[i].guard;
            boolean isBrief = RuleIndexBuilder.isBrief(guard);
            for (Step step : this.policies[i].steps) {
                steps[entries.size()] = step;
                policyOf[entries.size()] = i;
                Condition needed = isBrief ? new Condition.And(guard, step.condition()) : step.condition();
                entries.add(new RuleIndexBuilder.Entry(step.condition(), needed, reach));
            }
        }
        index = RuleIndexBuilder.build(entries, searches);
        overloadVerdicts =
                policies.stream().map(Policy::overload).filter(Objects::nonNull).toList();
    }

    /** All rules, by their index. */
    public List<Rule> rules() {
        return rules;
    }

    /** Rules with a limit, in their order, and how many of their keys had to make room for others. */
    public Map<Rule, Long> evictedKeys() {
        Map<Rule, Long> evicted = new LinkedHashMap<>();
        limited.forEach(
                rule -> evicted.put(rule.rule(), rule.buckets().evicted().get()));
        return evicted;
    }

    /** Forgets what packets have taken of limits. Only while nobody judges. */
    public void refillLimits() {
        limited.forEach(rule -> rule.buckets().clear());
    }

    public List<LimitedRule> limited() {
        return limited;
    }

    /** Policies that have a rule or a default in shadow mode that would decide, in their order. */
    public List<String> shadowPolicies() {
        return Arrays.stream(policies)
                .flatMap(policy -> Arrays.stream(policy.steps))
                .map(Step::shadow)
                .filter(shadow -> shadow != null && shadow.verdict() != null)
                .map(Shadow::policy)
                .distinct()
                .toList();
    }

    /** What policies say of packets that cannot be judged, in their order; empty if they leave it to the daemon. */
    public List<OverloadVerdict> overloadVerdicts() {
        return overloadVerdicts;
    }

    /**
     * What the first policy that has an opinion, and whose guard is true, says of a packet that cannot be judged; null
     * if none does. Allocates nothing.
     *
     * @param headers all that such guards ask for; patterns are never asked for
     */
    public @Nullable OverloadVerdict overloadVerdict(int queueNumber, Facts headers) {
        BitSet taking = byQueue.of(queueNumber);
        for (int i = taking.nextSetBit(0); i >= 0; i = taking.nextSetBit(i + 1)) {
            OverloadVerdict own = policies[i].overload;
            if (own != null && policies[i].guard.value(headers) == Truth.TRUE) {
                return own;
            }
        }
        return null;
    }

    /**
     * Goes the way of a packet again, which {@link #judge} has judged, and tells what each guard, rule and default on it
     * came to. Takes nothing of limits. Allocates.
     */
    public List<Visit> explain(int queueNumber, Facts facts, Evaluation judged) {
        BitSet taking = byQueue.of(queueNumber);
        Explainer explainer = new Explainer(facts, judged);
        for (int i = taking.nextSetBit(0); i >= 0; i = taking.nextSetBit(i + 1)) {
            if (explainer.decides(policies[i])) {
                break;
            }
        }
        return explainer.visits();
    }

    /** Rules and defaults. */
    int steps() {
        return steps.length;
    }

    /** What {@link Facts#hit} is asked for, by its number: one scan answers for all patterns of a search. */
    public List<Search> searches() {
        return searches;
    }

    /** Where a regular expression of {@link #searches} stands first; null of literals, which no matcher refuses. */
    public @Nullable Place place(Pattern pattern) {
        return places.get(pattern);
    }

    /** What is doubtful about the files it was compiled of, in file and line order. */
    public List<Problem> warnings() {
        return warnings;
    }

    /**
     * Judges one packet; section 5 of the language's contract. Allocates nothing.
     *
     * @param queueNumber the packet's queue, or {@link #ANY_QUEUE}
     * @param evaluation belongs to the caller and is overwritten
     */
    public void judge(int queueNumber, Facts facts, Evaluation evaluation) {
        judge(queueNumber, facts, evaluation, index);
    }

    /** As {@link #judge(int, Facts, Evaluation)}, trying the steps that {@code by} finds. */
    void judge(int queueNumber, Facts facts, Evaluation evaluation, RuleIndex by) {
        evaluation.reset();
        BitSet taking = byQueue.of(queueNumber);
        Candidates candidates = evaluation.candidates(by);
        by.start(facts, candidates);
        int end = 0; // of the steps of the policy that is asked
        Truth guard = Truth.FALSE;
        for (int at = by.next(0, candidates); at >= 0; at = by.next(at + 1, candidates)) {
            if (at >= end) {
                int policy = policyOf[at];
                end = ends[policy];
                guard = taking.get(policy) ? policies[policy].guard.value(facts) : Truth.FALSE;
                evaluation.enterPolicy();
            }
            if (guard == Truth.FALSE) {
                at = end - 1;
                continue;
            }
            by.reach(at, facts, candidates);
            Truth value = steps[at].value(guard, facts);
            if (value != Truth.FALSE && evaluation.meets(steps[at], value)) {
                return;
            }
        }
    }
}

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
    /** The queue of a packet that came from none: the policies of all queues apply to it. */
    public static final int ANY_QUEUE = -1;

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

    /**
     * What a program knows besides its steps, for those who use or report it.
     *
     * @param rules all, by their index
     * @param limited rules with a limit, in their order
     * @param searches what {@link Facts#hit} is asked for, by its number
     * @param places where regular expressions of the searches stand first
     * @param warnings what is doubtful about the files, in file and line order
     */
    public record Contents(
            List<Rule> rules,
            List<LimitedRule> limited,
            List<Search> searches,
            Map<Pattern, Place> places,
            List<Problem> warnings) {
        public Contents {
            rules = List.copyOf(rules);
            limited = List.copyOf(limited);
            searches = List.copyOf(searches);
            places = Map.copyOf(places);
            warnings = List.copyOf(warnings);
        }
    }

    private final Contents contents;
    private final Policy[] policies; // the daemon's default is the last
    private final PoliciesByQueue byQueue;
    private final Step[] steps; // of all policies
    private final int[] policyOf; // each step's
    private final int[] ends; // of each policy, the number after its last step
    private final RuleIndex index;
    private final List<OverloadVerdict> overloadVerdicts;

    private Program(Contents contents, Policy[] policies, PoliciesByQueue byQueue, StepList list, RuleIndex index) {
        this.contents = contents;
        this.policies = policies;
        this.byQueue = byQueue;
        steps = list.steps();
        policyOf = list.policyOf();
        ends = list.ends();
        this.index = index;
        overloadVerdicts = Arrays.stream(policies)
                .map(Policy::overload)
                .filter(Objects::nonNull)
                .toList();
    }

    /** A program of {@code policies}, which are those of {@code files}, in their order. */
    public static Program of(List<PolicyFile> files, List<Policy> policies, Policy daemonDefault, Contents contents) {
        Policy[] all =
                Stream.concat(policies.stream(), Stream.of(daemonDefault)).toArray(Policy[]::new);
        StepList list = StepList.of(all);
        RuleIndex index = RuleIndexBuilder.build(list.entries(all, files), contents.searches());
        return new Program(contents, all, new PoliciesByQueue(files), list, index);
    }

    /** All rules, by their index. */
    public List<Rule> rules() {
        return contents.rules();
    }

    /** Rules with a limit, in their order, and how many of their buckets in use had to make room for others. */
    public Map<Rule, Long> evictedKeys() {
        Map<Rule, Long> evicted = new LinkedHashMap<>();
        contents.limited()
                .forEach(rule ->
                        evicted.put(rule.rule(), rule.buckets().evicted().get()));
        return evicted;
    }

    /** Fills the buckets of all limits. Only while nobody judges. */
    public void refillLimits() {
        contents.limited().forEach(rule -> rule.buckets().clear());
    }

    /** Rules with a limit, in their order. */
    public List<LimitedRule> limited() {
        return contents.limited();
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
     * Repeats the evaluation of a packet that {@link #judge} has judged, and tells the value of each guard, rule and
     * default on its way. Takes no tokens of limits. Allocates.
     */
    public List<Visit> explain(int queueNumber, Facts facts, Findings judged) {
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
        return contents.searches();
    }

    /** Where a regular expression of {@link #searches} stands first; null of literals, which no matcher refuses. */
    public @Nullable Place place(Pattern pattern) {
        return contents.places().get(pattern);
    }

    /** What is doubtful about the files it was compiled from, in file and line order. */
    public List<Problem> warnings() {
        return contents.warnings();
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

    /** As {@link #judge(int, Facts, Evaluation)}, but tries the steps that {@code by} finds. */
    void judge(int queueNumber, Facts facts, Evaluation evaluation, RuleIndex by) {
        evaluation.start();
        BitSet taking = byQueue.of(queueNumber);
        Candidates candidates = evaluation.candidates(by);
        by.start(facts, candidates);
        int end = 0; // of the steps of the policy at hand
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

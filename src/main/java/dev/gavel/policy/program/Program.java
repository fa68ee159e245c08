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

/** Compiled policies. Immutable except for the buckets of limits; shared by all judging threads. */
public final class Program {
    /** The queue number of a packet that came from no queue; the policies of all queues apply to it. */
    public static final int ANY_QUEUE = -1;

    /** The guard and the steps of one policy, or the daemon's default. */
    @SuppressWarnings("ArrayRecordComponent") // policies are never compared
    public record Policy(
            @Nullable String name,
            Condition guard,
            Condition noted,
            @Nullable OverloadVerdict overload,
            Step... steps) {
        /**
         * Creates a policy. {@code name} is null for the daemon's default; {@code overload} is null if the policy
         * leaves that verdict to the daemon.
         */
        public static Policy of(
                @Nullable String name, Condition guard, @Nullable OverloadVerdict overload, Step... steps) {
            return new Policy(name, guard.plain(), guard, overload, steps);
        }
    }

    /**
     * The data of a program besides its steps, for its users and for reports.
     *
     * @param rules all rules, in the order of {@link Rule#index}
     * @param limited the rules with a limit, in program order
     * @param searches the searches, whose positions are the numbers passed to {@link Facts#hit}
     * @param places where each regular expression of the searches is written first
     * @param warnings doubtful parts of the policy files, in file and line order
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
    private final Policy[] policies; // the last one is the daemon's default
    private final PoliciesByQueue byQueue;
    private final Step[] steps; // the steps of all policies, in order of evaluation
    private final int[] policyOf; // by step: the number of its policy
    private final int[] ends; // by policy: the number after its last step
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

    /** Creates a program of {@code policies}, which were compiled from {@code files} and stand in the same order. */
    public static Program of(List<PolicyFile> files, List<Policy> policies, Policy daemonDefault, Contents contents) {
        Policy[] all =
                Stream.concat(policies.stream(), Stream.of(daemonDefault)).toArray(Policy[]::new);
        StepList list = StepList.of(all);
        RuleIndex index = RuleIndexBuilder.build(list.entries(all, files), contents.searches());
        return new Program(contents, all, new PoliciesByQueue(files), list, index);
    }

    /** All rules, in the order of {@link Rule#index}. */
    public List<Rule> rules() {
        return contents.rules();
    }

    /** For each rule with a limit, in program order, the number of its buckets that were evicted while in use. */
    public Map<Rule, Long> evictedKeys() {
        Map<Rule, Long> evicted = new LinkedHashMap<>();
        contents.limited()
                .forEach(rule ->
                        evicted.put(rule.rule(), rule.buckets().evicted().get()));
        return evicted;
    }

    /** Refills the buckets of all limits. Call only while no thread judges. */
    public void refillLimits() {
        contents.limited().forEach(rule -> rule.buckets().clear());
    }

    /** The rules with a limit, in program order. */
    public List<LimitedRule> limited() {
        return contents.limited();
    }

    /** The policies with a rule or default in shadow mode that has a verdict, in program order. */
    public List<String> shadowPolicies() {
        return Arrays.stream(policies)
                .flatMap(policy -> Arrays.stream(policy.steps))
                .map(Step::shadow)
                .filter(shadow -> shadow != null && shadow.verdict() != null)
                .map(Shadow::policy)
                .distinct()
                .toList();
    }

    /** The overload verdicts of the policies that have one, in program order. */
    public List<OverloadVerdict> overloadVerdicts() {
        return overloadVerdicts;
    }

    /**
     * The overload verdict for a packet that could not be judged: that of the first policy which has one, applies to
     * the queue, and has a true guard. Null if there is none. Allocates nothing.
     *
     * @param headers the packet's header fields; guards of such policies never test patterns
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
     * Repeats the evaluation of a packet that {@link #judge} has judged, and returns the value of each guard, rule and
     * default that was evaluated. Takes no tokens from limits. Allocates.
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

    /** The number of steps, which are rules and defaults. */
    int steps() {
        return steps.length;
    }

    /**
     * The searches, whose positions are the numbers passed to {@link Facts#hit}. One scan finds all patterns of a
     * search.
     */
    public List<Search> searches() {
        return contents.searches();
    }

    /**
     * Where a regular expression of {@link #searches} is written first. Null for literals, which no matcher refuses.
     */
    public @Nullable Place place(Pattern pattern) {
        return contents.places().get(pattern);
    }

    /** Doubtful parts of the policy files, in file and line order. */
    public List<Problem> warnings() {
        return contents.warnings();
    }

    /**
     * Judges one packet, as in section 5 of the language's contract. Allocates nothing.
     *
     * @param queueNumber the packet's queue, or {@link #ANY_QUEUE}
     * @param evaluation owned by the caller; receives the result
     */
    public void judge(int queueNumber, Facts facts, Evaluation evaluation) {
        judge(queueNumber, facts, evaluation, index);
    }

    /** As {@link #judge(int, Facts, Evaluation)}, but evaluates only the steps that index {@code by} finds. */
    void judge(int queueNumber, Facts facts, Evaluation evaluation, RuleIndex by) {
        evaluation.start();
        BitSet taking = byQueue.of(queueNumber);
        Candidates candidates = evaluation.candidates(by);
        by.start(facts, candidates);
        int end = 0; // number after the last step of the current policy
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

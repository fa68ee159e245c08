package dev.gavel.policy;

import dev.gavel.config.Place;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.Problem;
import dev.gavel.match.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiled policies. Immutable but for the buckets of limits, shared by all threads that judge. */
public final class Program {
    /** The queue of a packet that came by none: the policies of every queue hold for it. */
    public static final int ANY_QUEUE = -1;

    /** The guard and the steps of one policy, or the daemon's default. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Policy(Condition guard, Step... steps) {}

    private final List<Rule> rules;
    private final List<LimitedRule> limited;
    private final List<Search> searches;
    private final Map<Pattern, Place> places;
    private final List<Problem> warnings;
    private final Policy[] ofAnyQueue;
    private final Policy[] ofQueueNobodyNames;
    private final Policy[][] byQueue;

    /** {@code policies} are those of {@code files}, in their order. */
    Program(
            List<PolicyFile> files,
            List<Policy> policies,
            Policy daemonDefault,
            List<Rule> rules,
            List<LimitedRule> limited,
            Patterns patterns,
            List<Problem> warnings) {
        this.rules = List.copyOf(rules);
        this.limited = List.copyOf(limited);
        this.searches = patterns.searches();
        this.places = patterns.places();
        this.warnings = List.copyOf(warnings);
        List<Policy> all = new ArrayList<>(policies);
        all.add(daemonDefault);
        ofAnyQueue = all.toArray(Policy[]::new);
        int named = 0;
        for (PolicyFile file : files) {
            named = file.queues().stream().mapToInt(range -> range.last() + 1).reduce(named, Math::max);
        }
        Map<BitSet, Policy[]> shared = new HashMap<>();
        byQueue = new Policy[named][];
        for (int number = 0; number < named; number++) {
            byQueue[number] = ofQueue(number, files, all, shared);
        }
        ofQueueNobodyNames = ofQueue(named, files, all, shared);
    }

    /** Policies of one queue; queues with the same ones share the array. */
    private static Policy[] ofQueue(
            int number, List<PolicyFile> files, List<Policy> all, Map<BitSet, Policy[]> shared) {
        BitSet taking = new BitSet();
        for (int i = 0; i < all.size(); i++) {
            taking.set(i, i == files.size() || files.get(i).takes(number));
        }
        return shared.computeIfAbsent(
                taking, bits -> bits.stream().mapToObj(all::get).toArray(Policy[]::new));
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

    List<LimitedRule> limited() {
        return limited;
    }

    /** Policies that have a rule or a default in shadow mode that would decide, in their order. */
    public List<String> shadowPolicies() {
        return Arrays.stream(ofAnyQueue)
                .flatMap(policy -> Arrays.stream(policy.steps))
                .map(Step::shadow)
                .filter(shadow -> shadow != null && shadow.verdict() != null)
                .map(Shadow::policy)
                .distinct()
                .toList();
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
     * @param judgement belongs to the caller and is overwritten
     */
    public void judge(int queueNumber, Facts facts, Judgement judgement) {
        judgement.reset();
        for (Policy policy : policies(queueNumber)) {
            Truth guard = policy.guard.value(facts);
            judgement.enterPolicy();
            if (guard != Truth.FALSE && decides(policy, guard, facts, judgement)) {
                return;
            }
        }
    }

    private Policy[] policies(int queueNumber) {
        if (queueNumber == ANY_QUEUE) {
            return ofAnyQueue;
        }
        return queueNumber < byQueue.length ? byQueue[queueNumber] : ofQueueNobodyNames;
    }

    private static boolean decides(Policy policy, Truth guard, Facts facts, Judgement judgement) {
        for (Step step : policy.steps) {
            Truth value = step.value(guard, facts);
            if (value != Truth.FALSE && judgement.meets(step, value)) {
                return true;
            }
        }
        return false;
    }
}

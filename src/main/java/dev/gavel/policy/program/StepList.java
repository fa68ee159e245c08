package dev.gavel.policy.program;

import dev.gavel.config.PolicyFile;
import dev.gavel.policy.condition.Condition;
import dev.gavel.policy.index.RuleIndexBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The steps of all policies, numbered in order of evaluation.
 *
 * @param policyOf for each step, the number of its policy
 * @param ends for each policy, the number after its last step
 */
@SuppressWarnings("ArrayRecordComponent") // lists are never compared
record StepList(Step[] steps, int[] policyOf, int[] ends) {
    private static final int REACHED_BY_ALL = -1;

    static StepList of(Program.Policy... policies) {
        Step[] steps = Stream.of(policies)
                .flatMap(policy -> Arrays.stream(policy.steps()))
                .toArray(Step[]::new);
        int[] policyOf = new int[steps.length];
        int[] ends = new int[policies.length];
        int end = 0;
        for (int policy = 0; policy < policies.length; policy++) {
            int start = end;
            end += policies[policy].steps().length;
            Arrays.fill(policyOf, start, end, policy);
            ends[policy] = end;
        }
        return new StepList(steps, policyOf, ends);
    }

    /**
     * The entries to build an index from; {@code policies} are those of {@code files}, followed by the daemon's
     * default.
     */
    List<RuleIndexBuilder.Entry> entries(Program.Policy[] policies, List<PolicyFile> files) {
        List<RuleIndexBuilder.Entry> entries = new ArrayList<>(steps.length);
        for (int i = 0; i < policies.length; i++) {
            boolean takesAll = i == files.size() || files.get(i).queues().isEmpty();
            Condition guard = policies[i].guard();
            int reach = takesAll && guard == Condition.Constant.ALWAYS ? REACHED_BY_ALL : i;
            boolean isBrief = RuleIndexBuilder.isBrief(guard);
            for (Step step : policies[i].steps()) {
                Condition needed = isBrief ? new Condition.And(guard, step.condition()) : step.condition();
                entries.add(new RuleIndexBuilder.Entry(step.condition(), needed, reach));
            }
        }
        return entries;
    }
}

package dev.gavel.policy.index;

import dev.gavel.match.Hits;
import dev.gavel.policy.facts.Facts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the steps of a program that may be true or open for a packet, without evaluating the others. Immutable.
 *
 * <p>A step is filed under the keys it requires: prefixes of ports, addresses and other fields, or patterns. The
 * packet's fields wake the steps filed under their prefixes at once. Patterns wake steps only when the evaluation
 * reaches the first step that needs the search and whose fields fit, because a scan is expensive and an earlier step
 * may decide. A step without keys is always awake.
 */
public final class RuleIndex {
    /** Value for a step that needs no search, and for a pattern that wakes no step. */
    public static final int[] NONE = {};

    private final StepSet always;
    private final FieldTable[] fields;
    private final int[][] wanted;
    private final int[][][] byPattern;

    /**
     * Creates the index from tables that {@link RuleIndexBuilder} has filled.
     *
     * @param wanted for each step, the searches to run when it is reached: their hits may wake this step or later
     *     ones
     * @param byPattern for each search and pattern, the steps that the pattern wakes
     */
    public RuleIndex(StepSet always, List<FieldTable> fields, int[][] wanted, int[][][] byPattern) {
        this.always = always;
        this.fields = fields.toArray(FieldTable[]::new);
        this.wanted = wanted;
        this.byPattern = byPattern;
    }

    /** Creates the candidates for a packet, which may be reused for the next packet. */
    public Candidates candidates() {
        return new Candidates(wanted.length, byPattern.length);
    }

    /** Replaces the candidates with the steps that the fields of a new packet wake. */
    public void start(Facts facts, Candidates candidates) {
        candidates.clear();
        for (FieldTable field : fields) {
            field.find(facts, candidates.woken);
        }
    }

    /** The first candidate from step {@code from} on; -1 if there is none. */
    public int next(int from, Candidates candidates) {
        return candidates.woken.next(from, always);
    }

    /**
     * Runs the searches of {@code step}, which the evaluation has reached, and adds the steps that their hits wake. The
     * guard of the policy of {@code step} must not be FALSE.
     */
    public void reach(int step, Facts facts, Candidates candidates) {
        for (int search : wanted[step]) {
            if (candidates.asked.add(search)) {
                wake(byPattern[search], facts.hits(search), candidates.woken);
            }
        }
    }

    private static void wake(int[][] byPattern, @Nullable Hits hits, StepSet woken) {
        if (hits == null) {
            for (int[] steps : byPattern) {
                woken.addAll(steps);
            }
            return;
        }
        for (int i = 0; i < hits.size(); i++) {
            woken.addAll(byPattern[hits.found(i)]);
        }
    }
}

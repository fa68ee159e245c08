package dev.gavel.policy.index;

import dev.gavel.match.Hits;
import dev.gavel.policy.facts.Facts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the steps of a program that can be anything but false for a packet, without a look at the others. Immutable.
 *
 * <p>A step is filed under keys that it needs: prefixes of ports, addresses and other fields, or patterns. The packet's
 * fields wake the steps of theirs at once; patterns do only when the walk over the steps has come to the first one that
 * wants them and whose fields fit, as a scan is expensive and an earlier step may decide. A step without keys is always
 * awake.
 */
public final class RuleIndex {
    /** The searches wanted by a step that no pattern wakes. */
    public static final int[] NONE = {};

    private final StepSet always;
    private final FieldTable[] fields;
    private final int[][] wanted;
    private final int[][][] byPattern;

    /**
     * An index that {@link RuleIndexBuilder} has filled.
     *
     * @param wanted for each step, the searches whose hits may wake it or later steps
     * @param byPattern for each search and pattern, the steps that the pattern wakes
     */
    public RuleIndex(StepSet always, List<FieldTable> fields, int[][] wanted, int[][][] byPattern) {
        this.always = always;
        this.fields = fields.toArray(FieldTable[]::new);
        this.wanted = wanted;
        this.byPattern = byPattern;
    }

    /** Room for the candidates of a packet, to be reused for the next. */
    public Candidates candidates() {
        return new Candidates(wanted.length, byPattern.length);
    }

    /** Replaces the candidates by those that the fields of a new packet wake. */
    public void start(Facts facts, Candidates candidates) {
        candidates.clear();
        for (FieldTable field : fields) {
            field.find(facts, candidates.woken);
        }
    }

    /** The first candidate from step {@code from} on; -1: none. */
    public int next(int from, Candidates candidates) {
        return candidates.woken.next(from, always);
    }

    /** Adds later candidates once the walk has reached {@code step}, whose policy's guard is not false. */
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

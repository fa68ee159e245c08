package dev.gavel.policy.index;

/** Steps that one packet may match, as far as is known yet. Belongs to the thread that judges. */
public final class Candidates {
    /** Steps that a key of the packet has woken. */
    final StepSet woken;
    /** Searches whose hits have woken their steps already. */
    final StepSet asked;

    public Candidates(int steps, int searches) {
        woken = new StepSet(steps);
        asked = new StepSet(searches);
    }

    void clear() {
        woken.clear();
        asked.clear();
    }
}

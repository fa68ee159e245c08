package dev.gavel.policy.index;

/** Steps that one packet may meet, as far as is known so far. Belongs to the thread that judges. */
public final class Candidates {
    /** Steps that a key of the packet has woken. */
    final StepSet woken;
    /** Searches whose hits have woken theirs. */
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

package dev.gavel.policy.index;

/** The steps that one packet may match, as far as is known so far. Belongs to the judging thread. */
public final class Candidates {
    /** Steps woken by a key that the packet has. */
    final StepSet woken;
    /** Searches that have run, so that their hits have already woken steps. */
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

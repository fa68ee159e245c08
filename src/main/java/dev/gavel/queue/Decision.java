package dev.gavel.queue;

/**
 * The verdict on one packet, and the alerts of the rules that it matched. Instances are reused: never keep a reference.
 */
public interface Decision {
    Verdict verdict();

    Reason reason();

    /** Generation of the policies that judged the packet; the first generation is 1. */
    int generation();

    /** The complete new mark of the packet; valid only if {@link #changedMask} is not 0. */
    int mark();

    /** The bits of the mark that change; 0 if there are none. */
    int changedMask();

    /** The number of matched rules that have an event. */
    int alertCount();

    /** The alert of such a rule; {@code index} counts from 0 in order of evaluation. */
    Alert alert(int index);
}

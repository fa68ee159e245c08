package dev.gavel.queue;

/**
 * What was said of one packet, and which of the rules that it met ask for an event. Reused for ever: never keep one.
 */
public interface Decision {
    Verdict verdict();

    Reason reason();

    /** Generation of the policies that judged, from 1. */
    int generation();

    /** The packet's whole new mark, if {@link #changedMask} is not 0. */
    int mark();

    /** Bits of the mark that change. */
    int changedMask();

    /** How many rules with an event the packet met. */
    int alertCount();

    /** One of them, {@code index} from 0 in the order in which they were met. */
    Alert alert(int index);
}

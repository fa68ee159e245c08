package dev.gavel.engine;

import dev.gavel.queue.Fragments;
import dev.gavel.queue.Verdict;
import java.util.Map;

/**
 * What an engine does with packets before and after its policies.
 *
 * @param ownMark bits of the mark that our own forged answers carry: packets with all of them pass unjudged; 0: none
 * @param malformed for headers that lie or are cut off
 * @param truncated for packets of which a rule needs bytes that were not copied to us
 * @param fragments how fragments after the first are judged
 * @param accepts how an accept is sent, by queue; a queue that is not here: as it is
 */
public record EngineSettings(
        int ownMark, Verdict malformed, Verdict truncated, Fragments fragments, Map<Integer, AcceptAs> accepts) {
    public EngineSettings {
        accepts = Map.copyOf(accepts);
    }

    /**
     * An accept that is sent as {@code verdict}, a repeat or a requeue, with bits {@code markMask} of the mark set to
     * {@code markValue}. A packet that comes back with the mark of a repeat passes unjudged: it was judged, and would
     * go round for ever.
     */
    public record AcceptAs(Verdict verdict, int markValue, int markMask) {
        boolean comesBack(int mark) {
            return verdict == Verdict.REPEAT && (mark & markMask) == markValue;
        }
    }
}

package dev.gavel.engine;

import dev.gavel.queue.Fragments;
import dev.gavel.queue.Verdict;
import java.util.Map;

/**
 * What an engine does with packets before and after its policies.
 *
 * @param ownMark mark bits that our own forged answers carry; a packet with all these bits set passes unjudged; 0
 *     if unused
 * @param malformed verdict for packets with inconsistent or incomplete headers
 * @param truncated verdict for packets that cannot be judged without bytes that the kernel did not copy to us
 * @param fragments how fragments after the first are judged
 * @param accepts how an accept is sent, by queue number; in any other queue it is sent unchanged
 */
public record EngineSettings(
        int ownMark, Verdict malformed, Verdict truncated, Fragments fragments, Map<Integer, AcceptAs> accepts) {
    public EngineSettings {
        accepts = Map.copyOf(accepts);
    }

    /**
     * An accept that is sent as {@code verdict}, a repeat or a requeue, with bits {@code markMask} of the mark set to
     * {@code markValue}. A packet that comes back with the mark of a repeat passes unjudged, because it has been judged
     * already and would otherwise be repeated for ever.
     */
    public record AcceptAs(Verdict verdict, int markValue, int markMask) {
        boolean comesBack(int mark) {
            return verdict == Verdict.REPEAT && (mark & markMask) == markValue;
        }
    }
}

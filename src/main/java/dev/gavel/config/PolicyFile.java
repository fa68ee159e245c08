package dev.gavel.config;

import dev.gavel.config.source.Place;
import dev.gavel.config.source.SourceText;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One policy, as its file words it.
 *
 * @param place of the policy's name
 * @param mode of the rules and the default
 * @param queues the policy is only for packets of these; empty: of all
 * @param lists for the policy's own expressions
 * @param when guard of all rules and of the default, not yet parsed; null: always
 * @param overload of packets that meet the guard and cannot be judged; null: the daemon's
 * @param defaultVerdict null: an undecided packet goes on to the next policy
 */
public record PolicyFile(
        String name,
        Place place,
        Mode mode,
        List<QueueRange> queues,
        List<NamedList> lists,
        @Nullable SourceText when,
        @Nullable Verdict overload,
        List<RuleEntry> rules,
        @Nullable VerdictChoice defaultVerdict) {
    /** Whether packets of queue {@code number} are this policy's. */
    public boolean takes(int number) {
        for (QueueRange range : queues) {
            if (range.contains(number)) {
                return true;
            }
        }
        return queues.isEmpty();
    }
}

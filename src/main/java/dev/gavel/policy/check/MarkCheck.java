package dev.gavel.policy.check;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.MarkChange;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.source.Problems;
import dev.gavel.queue.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds marks that undo the mark of a repeat verdict, so that the packet would be repeated for ever; the kernel does
 * not prevent that. Also finds marks that include the mark of our own answers: packets with that mark pass every queue
 * without being judged. Conditions and queues are ignored.
 */
public final class MarkCheck {
    private final int ownMark;
    private final List<MarkChange> repeats = new ArrayList<>(); // without duplicates
    private final List<MarkChange> others = new ArrayList<>();

    public MarkCheck(DaemonConfig config, List<PolicyFile> files) {
        ownMark = config.rejects().mark();
        config.queues().stream().map(QueueConfig::repeatMark).forEach(this::addRepeat);
        for (PolicyFile file : files) {
            for (RuleEntry rule : file.rules()) {
                if (rule.verdict().verdict() == Verdict.REPEAT) {
                    addRepeat(rule.mark());
                } else if (rule.mark() != null) {
                    others.add(rule.mark());
                }
            }
        }
    }

    private void addRepeat(@Nullable MarkChange mark) {
        if (mark != null && repeats.stream().noneMatch(m -> m.value() == mark.value() && m.mask() == mark.mask())) {
            repeats.add(mark);
        }
    }

    /** Adds an error for each mark that undoes the mark of a repeat or includes the mark of our own answers. */
    public void check(Problems problems) {
        for (int i = 0; i < repeats.size(); i++) {
            MarkChange mark = repeats.get(i);
            repeats.subList(0, i).stream()
                    .filter(earlier -> ((earlier.value() ^ mark.value()) & earlier.mask() & mark.mask()) != 0)
                    .findFirst()
                    .ifPresent(earlier -> problems.error(
                            mark.place(),
                            "packets would go round: this repeat undoes the mark of the repeat at " + earlier.place()
                                    + ", and that one this one's; expected a MASK of bits that no other repeat has"));
            checkOwn(mark, problems);
        }
        for (MarkChange mark : others) {
            repeats.stream()
                    .filter(repeat -> (repeat.value() & mark.mask() & ~mark.value()) != 0)
                    .findFirst()
                    .ifPresent(repeat -> problems.error(
                            mark.place(),
                            "packets could go round: this clears the mark of the repeat at " + repeat.place()
                                    + "; expected a MASK of bits that no repeat has"));
            checkOwn(mark, problems);
        }
    }

    private void checkOwn(MarkChange mark, Problems problems) {
        if (ownMark != 0 && (mark.value() & ownMark) == ownMark) {
            problems.error(
                    mark.place(),
                    String.format(
                            "a packet with this mark would pass every queue unjudged, as our own answers do"
                                    + " (rejects.mark is 0x%x); expected a VALUE without it, or another rejects.mark",
                            ownMark));
        }
    }
}

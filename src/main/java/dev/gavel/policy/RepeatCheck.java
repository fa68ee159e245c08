package dev.gavel.policy;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.MarkChange;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.Problems;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.VerdictChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds repeats whose marks undo each other: a packet would get the one, then the other, and go round for ever, against
 * which the kernel does not guard. Conditions and queues are not looked at.
 */
final class RepeatCheck {
    private final List<MarkChange> marks = new ArrayList<>(); // different ones

    RepeatCheck(DaemonConfig config, List<PolicyFile> files) {
        config.queues().stream().map(QueueConfig::repeatMark).forEach(this::add);
        for (PolicyFile file : files) {
            file.rules().stream()
                    .filter(rule -> rule.verdict().word() == VerdictChoice.Word.REPEAT)
                    .map(RuleEntry::mark)
                    .forEach(this::add);
        }
    }

    private void add(@Nullable MarkChange mark) {
        if (mark != null && marks.stream().noneMatch(m -> m.value() == mark.value() && m.mask() == mark.mask())) {
            marks.add(mark);
        }
    }

    /** Adds an error for each mark that undoes an earlier one. */
    void check(Problems problems) {
        for (int i = 1; i < marks.size(); i++) {
            MarkChange mark = marks.get(i);
            marks.subList(0, i).stream()
                    .filter(earlier -> undo(earlier, mark))
                    .findFirst()
                    .ifPresent(earlier -> problems.error(
                            mark.place(),
                            "packets would go round: this repeat undoes the mark of the repeat at " + earlier.place()
                                    + ", and that one this one's; expected a MASK of bits that no other repeat has"));
        }
    }

    private static boolean undo(MarkChange one, MarkChange other) {
        return ((one.value() ^ other.value()) & one.mask() & other.mask()) != 0;
    }
}

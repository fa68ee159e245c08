package dev.gavel.policy.check;

import dev.gavel.config.PolicyFile;
import dev.gavel.config.QueueRange;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.VerdictChoice;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.Words;
import dev.gavel.queue.Mode;
import dev.gavel.queue.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Warns of rules and policies that no packet reaches, because an earlier rule or policy decides every packet. */
public final class OrderCheck {
    private final List<PolicyFile> files;

    public OrderCheck(List<PolicyFile> files) {
        this.files = files;
    }

    public void check(Problems problems) {
        for (int i = 0; i < files.size(); i++) {
            PolicyFile file = files.get(i);
            Place decides = check(file, problems);
            if (decides != null && file.when() == null) {
                warnOfNext(decides, file, files.subList(i + 1, files.size()), problems);
            }
        }
    }

    /**
     * Warns within one policy. Returns the place of the rule or default that decides every packet that passes the
     * policy's guard; null if there is none.
     */
    private static @Nullable Place check(PolicyFile file, Problems problems) {
        List<RuleEntry> rules = file.rules();
        VerdictChoice byDefault = file.defaultVerdict();
        for (int i = 0; i < rules.size(); i++) {
            RuleEntry rule = rules.get(i);
            if (!decidesAll(rule)) {
                continue;
            }
            String because = " is never reached: rule " + Words.quoted(rule.name()) + " in front decides every packet";
            if (i + 1 < rules.size()) {
                RuleEntry next = rules.get(i + 1);
                problems.warning(next.place(), "rule " + Words.quoted(next.name()) + because);
            } else if (byDefault != null) {
                problems.warning(byDefault.place(), "the default" + because);
            }
            return rule.place();
        }
        return byDefault == null || file.mode() == Mode.SHADOW ? null : byDefault.place();
    }

    static boolean decidesAll(RuleEntry rule) {
        return rule.when() == null && decides(rule);
    }

    /** Whether {@code rule} decides every packet that matches it, so that none goes on to the next rule. */
    static boolean decides(RuleEntry rule) {
        Verdict verdict = rule.verdict().verdict();
        return rule.limit() == null && rule.mode() == Mode.ENFORCE && verdict != null && verdict != Verdict.REPEAT;
    }

    private static void warnOfNext(Place decides, PolicyFile file, List<PolicyFile> later, Problems problems) {
        later.stream().filter(next -> share(file, next)).findFirst().ifPresent(next -> {
            problems.warning(
                    decides,
                    "policy " + Words.quoted(file.name()) + " has no guard (when:) and decides every packet here, so"
                            + " none reaches policy " + Words.quoted(next.name()) + " behind it");
        });
    }

    private static boolean share(PolicyFile a, PolicyFile b) {
        if (a.queues().isEmpty() || b.queues().isEmpty()) {
            return true;
        }
        return a.queues().stream().anyMatch(range -> b.queues().stream().anyMatch(other -> overlap(range, other)));
    }

    private static boolean overlap(QueueRange a, QueueRange b) {
        return a.first() <= b.last() && b.first() <= a.last();
    }
}

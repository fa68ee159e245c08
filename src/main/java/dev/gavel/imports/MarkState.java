package dev.gavel.imports;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules so far have made of a packet's mark. A policy's {@code mark} is always the one that the packet came
 * with, whereas iptables sees each change: tests behind a change are put in terms of the mark in front of all.
 */
final class MarkState {
    static final long ALL = 0xffff_ffffL;

    private record Change(Expr when, long value, long mask) {}

    private final List<Change> changes = new ArrayList<>();
    /** Why nobody knows the mark any more. */
    private @Nullable String unknown;

    void change(Expr when, Target.Mark mark) {
        if (mark.mask() != 0) {
            changes.add(new Change(when, mark.value(), mark.mask()));
        }
    }

    void lose(int line) {
        unknown = unknown == null ? "the mark may come from line " + line + ", which is not translated" : unknown;
    }

    Expr test(ParsedRule.MarkTest test) throws Untranslatable {
        if (unknown != null) {
            throw new Untranslatable(unknown);
        }
        return test(changes.size(), test.value(), test.mask()).notIf(test.inverted());
    }

    /** Whether the bits of {@code mask} are {@code value} behind the first {@code count} changes. */
    private Expr test(int count, long value, long mask) {
        if ((value & ~mask) != 0) {
            return Expr.NEVER;
        }
        if (mask == 0) {
            return Expr.ALWAYS;
        }
        if (count == 0) {
            String field = mask == ALL ? "mark" : String.format("mark & 0x%x", mask);
            return Expr.test(String.format("%s == 0x%x", field, value));
        }
        Change last = changes.get(count - 1);
        Expr unchanged = test(count - 1, value, mask);
        if ((last.mask & mask) == 0 || unchanged.equals(Expr.TOO_LONG)) {
            return unchanged;
        }
        Expr changed = ((value ^ last.value) & last.mask & mask) != 0
                ? Expr.NEVER
                : test(count - 1, value & ~last.mask, mask & ~last.mask);
        return changed.equals(unchanged)
                ? changed
                : Expr.or(Expr.and(last.when, changed), Expr.and(last.when.not(), unchanged));
    }
}

package dev.gavel.imports;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the rules so far have changed a packet's mark. A policy's {@code mark} is always the one that the packet arrived
 * with, whereas iptables sees each change: tests after a change are rewritten in terms of the mark on arrival.
 */
final class MarkState {
    static final long ALL = 0xffff_ffffL;

    private static final int MAX_CHANGES = 4096;

    private record Change(Expr when, Expr otherwise, long value, long mask) {}

    private final List<Change> changes = new ArrayList<>();
    /** Why the mark is no longer known; a message for the user. */
    private @Nullable String unknown;

    void change(Expr when, Target.Mark mark) {
        if (mark.mask() == 0) {
            return;
        }
        if (when.equals(Expr.ALWAYS)) {
            changes.removeIf(earlier -> (earlier.mask & ~mark.mask()) == 0);
        }
        if (changes.size() < MAX_CHANGES) {
            changes.add(new Change(when, when.not(), mark.value(), mark.mask()));
        } else if (unknown == null) {
            unknown = "more than " + MAX_CHANGES + " rules in front may have changed the mark";
        }
    }

    void lose(int line) {
        unknown = unknown == null ? "the mark may come from line " + line + ", which is not translated" : unknown;
    }

    Expr test(ParsedRule.MarkTest test) throws Untranslatable {
        if (unknown != null) {
            throw new Untranslatable(unknown);
        }
        Expr all = (test.value() & ~test.mask()) != 0
                ? Expr.NEVER
                : Expr.and(alike(test.mask()).stream()
                        .map(bits -> test(test.value() & bits, bits))
                        .toList());
        if (all.equals(Expr.TOO_LONG)) {
            throw new Untranslatable("the rules in front change the mark in so many ways that a test of it would be"
                    + " longer than 64 KiB or more than 64 parentheses deep");
        }
        return all.notIf(test.inverted());
    }

    /** Splits {@code mask} into parts, at most 32, such that each change sets all bits of a part or none. */
    private List<Long> alike(long mask) {
        List<Long> parts = mask == 0 ? List.of() : List.of(mask);
        for (Change change : changes) {
            parts = parts.stream()
                    .flatMap(part -> Stream.of(part & change.mask, part & ~change.mask))
                    .filter(part -> part != 0)
                    .toList();
        }
        return parts;
    }

    /** Whether {@code bits}, which are {@link #alike}, are {@code value}. */
    private Expr test(long value, long bits) {
        String field = bits == ALL ? "mark" : String.format("mark & 0x%x", bits);
        Expr met = Expr.test(String.format("%s == 0x%x", field, value));
        Deque<Expr> kept = new ArrayDeque<>(); // the latest first
        for (Change change : changes) {
            boolean stays = met.equals(Expr.TOO_LONG) && !change.when.equals(Expr.ALWAYS);
            if (stays || (change.mask & bits) == 0) {
                continue;
            }
            kept.addFirst(change.otherwise);
            if (((value ^ change.value) & bits) == 0) {
                met = Expr.or(change.when, unless(kept, met));
                kept.clear();
            }
        }
        return unless(kept, met);
    }

    private static Expr unless(Deque<Expr> kept, Expr met) {
        List<Expr> parts = new ArrayList<>(kept);
        parts.add(met);
        return Expr.and(parts);
    }
}

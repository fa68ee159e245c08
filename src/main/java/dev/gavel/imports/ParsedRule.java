package dev.gavel.imports;

import java.util.List;

/**
 * One rule. It matches if {@code when} is true and all of {@code marks} are; those test the packet's mark as earlier
 * rules have left it.
 *
 * @param comment of {@code -m comment}, empty without
 */
record ParsedRule(Expr when, List<MarkTest> marks, Target target, String comment) {
    /** Whether the bits of {@code mask} of the packet's mark are {@code value}. */
    record MarkTest(long value, long mask, boolean inverted) {}
}

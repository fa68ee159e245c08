package dev.gavel.imports;

import java.util.List;

/**
 * One rule. It matches where {@code when} is true, and all of {@code marks}, which are about the packet's mark as the
 * earlier rules have left it.
 *
 * @param comment of {@code -m comment}, empty without
 */
record ParsedRule(Expr when, List<MarkTest> marks, Target target, String comment) {
    /** Whether the bits of {@code mask} of the packet's mark are {@code value}. */
    record MarkTest(long value, long mask, boolean inverted) {}
}

/**
 * Search for many byte patterns at once. Patterns and matchers are immutable and shared by threads; a scanner and its
 * hits belong to the one thread that scans.
 */
@NullMarked
package dev.gavel.match;

import org.jspecify.annotations.NullMarked;

/**
 * Search for many byte patterns in one pass. Patterns and matchers are immutable and shared between threads; a scanner
 * and its hits belong to the one thread that scans.
 */
@NullMarked
package dev.gavel.match;

import org.jspecify.annotations.NullMarked;

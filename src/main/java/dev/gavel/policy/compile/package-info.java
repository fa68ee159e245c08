/**
 * Compiles expressions, lists and rules to a program, and reports each mistake with its place. Runs on the thread that
 * loads policies.
 */
@NullMarked
package dev.gavel.policy.compile;

import org.jspecify.annotations.NullMarked;

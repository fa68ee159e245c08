/**
 * Expressions, lists and rules to a program; finds each mistake with its place. Of the thread that compiles.
 */
@NullMarked
package dev.gavel.policy.compile;

import org.jspecify.annotations.NullMarked;

/**
 * Warnings and errors about policies as a whole: circles of queues, rules that are never reached, marks that clash. Of
 * the thread that compiles.
 */
@NullMarked
package dev.gavel.policy.check;

import org.jspecify.annotations.NullMarked;

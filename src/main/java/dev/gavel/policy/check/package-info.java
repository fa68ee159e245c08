/**
 * Warnings and errors about policies as a whole: circles of queues, rules that are never reached, marks that clash.
 * Used by the thread that loads policies.
 */
@NullMarked
package dev.gavel.policy.check;

import org.jspecify.annotations.NullMarked;

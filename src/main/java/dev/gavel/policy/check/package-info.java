/**
 * Checks that need whole policies: circles of queues, rules that are never reached, marks that clash. Runs on the
 * thread that loads policies.
 */
@NullMarked
package dev.gavel.policy.check;

import org.jspecify.annotations.NullMarked;

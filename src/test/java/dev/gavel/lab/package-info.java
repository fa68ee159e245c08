/**
 * A laboratory of network namespaces, and tests of the whole daemon in it: from outside, against the contract, with the
 * kernel's counters as witnesses. Everything runs in the sandbox of {@code src/test/sandbox}, which cleans up after it.
 */
package dev.gavel.lab;

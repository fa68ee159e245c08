/**
 * Answers rejected packets: TCP resets to both ends, ICMP unreachables to the sender, by raw sockets and with our mark,
 * so that no answer is judged. Called by the threads that judge.
 */
@NullMarked
package dev.gavel.reject;

import org.jspecify.annotations.NullMarked;

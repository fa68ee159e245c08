/**
 * The policy language: lexer, parser, checks, compiler, and the program that judges packets by what {@link
 * dev.gavel.policy.Facts} tells of them. Compiling runs on one thread; programs are immutable and shared; judging
 * belongs to the thread that holds the packet.
 */
@NullMarked
package dev.gavel.policy;

import org.jspecify.annotations.NullMarked;

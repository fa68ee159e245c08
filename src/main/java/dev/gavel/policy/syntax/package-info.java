/**
 * Parses the text of an expression to a tree: lexer, parser, literals, operators. Does not know which fields exist.
 * Runs on the thread that loads policies.
 */
@NullMarked
package dev.gavel.policy.syntax;

import org.jspecify.annotations.NullMarked;

/**
 * Parses the text of an expression to a tree: lexer, parser, literals, operators. Knows no fields. Used by the thread
 * that loads policies.
 */
@NullMarked
package dev.gavel.policy.syntax;

import org.jspecify.annotations.NullMarked;

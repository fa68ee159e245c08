/**
 * Text of an expression to its tree: lexer, parser, literals, operators. Knows no fields. Of the thread that compiles.
 */
@NullMarked
package dev.gavel.policy.syntax;

import org.jspecify.annotations.NullMarked;

/** What is searched for: literals and regular expressions as immutable values, read, checked and in normal form. */
@NullMarked
package dev.gavel.match.pattern;

import org.jspecify.annotations.NullMarked;

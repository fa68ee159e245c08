/** The patterns to search for: literals and regular expressions as immutable values, parsed, checked and normalised. */
@NullMarked
package dev.gavel.match.pattern;

import org.jspecify.annotations.NullMarked;

/**
 * Turns rules of other programs into policies with the same meaning, and says what it could not turn. Works on texts
 * only; everything here belongs to the thread that made it.
 */
@NullMarked
package dev.gavel.imports;

import org.jspecify.annotations.NullMarked;

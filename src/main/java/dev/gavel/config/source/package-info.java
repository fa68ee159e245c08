/**
 * Text files as their author sees them: places, excerpts, and the problems that are told about them. Of one loading
 * thread; places and texts are immutable and shared.
 */
@NullMarked
package dev.gavel.config.source;

import org.jspecify.annotations.NullMarked;

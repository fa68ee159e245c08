/**
 * Events as JSON lines. Each thread that judges leaves records in a ring of its own and never waits; one thread, which
 * belongs to {@link dev.gavel.events.Events}, makes lines of them and writes them to the file.
 */
@NullMarked
package dev.gavel.events;

import org.jspecify.annotations.NullMarked;

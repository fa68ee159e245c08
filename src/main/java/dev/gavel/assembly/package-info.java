/**
 * Configuration to what each room wants: policies compiled, engine, queues, events. For the daemon and for commands
 * that judge captures alike. Of the thread that loads.
 */
@NullMarked
package dev.gavel.assembly;

import org.jspecify.annotations.NullMarked;

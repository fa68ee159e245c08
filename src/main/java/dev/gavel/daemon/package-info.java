/**
 * The daemon: start and drain, signals, reload, and what systemd is told. It starts, runs and stops on the main thread;
 * the watchdog and the retries of the metrics' port have threads of their own. {@code Generations} and
 * {@code DaemonHealth} may be called by any thread.
 */
@NullMarked
package dev.gavel.daemon;

import org.jspecify.annotations.NullMarked;

/**
 * The daemon: start, drain, signals, reload, and messages to systemd. It starts, runs and stops on the main thread; the
 * watchdog and the retries of the metrics port have their own threads. Any thread may call {@code Generations} and
 * {@code DaemonHealth}.
 */
@NullMarked
package dev.gavel.daemon;

import org.jspecify.annotations.NullMarked;

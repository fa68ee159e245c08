/**
 * The daemon: wiring, start and drain, signals, reload, and what systemd is told. Everything here runs on the main thread
 * but the watchdog, which has its own.
 */
@NullMarked
package dev.gavel.daemon;

import org.jspecify.annotations.NullMarked;

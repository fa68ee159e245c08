/**
 * Commands that judge captures with the daemon's engine: replay, explain and policy tests, and their reports. Of the
 * main thread.
 */
@NullMarked
package dev.gavel.cli.replay;

import org.jspecify.annotations.NullMarked;

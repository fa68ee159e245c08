/**
 * What all commands share towards their caller: exit codes, failures, problems with excerpts, log, version. Of the main
 * thread, but for the log, which any thread may write.
 */
@NullMarked
package dev.gavel.cli.terminal;

import org.jspecify.annotations.NullMarked;

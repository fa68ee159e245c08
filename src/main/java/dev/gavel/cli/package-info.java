/** The commands: arguments, output, exit codes. Everything here runs on the main thread. */
@NullMarked
package dev.gavel.cli;

import org.jspecify.annotations.NullMarked;

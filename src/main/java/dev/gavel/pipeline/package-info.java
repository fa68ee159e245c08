/**
 * The threads between a packet source and the inspectors: readers, workers, and the lanes by which packets go from one
 * to the other. A {@link dev.gavel.pipeline.Pipeline} is started, given new generations and drained by the daemon's
 * main thread; each other class here names its own.
 */
@NullMarked
package dev.gavel.pipeline;

import org.jspecify.annotations.NullMarked;

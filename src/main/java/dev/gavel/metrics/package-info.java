/**
 * Reads the counters of other packages into a micrometer registry, and never writes a counter. No other package knows
 * micrometer. The packet threads write the counters without locks; a scrape runs on a thread of {@code web} and delays
 * no packet thread.
 */
@NullMarked
package dev.gavel.metrics;

import org.jspecify.annotations.NullMarked;

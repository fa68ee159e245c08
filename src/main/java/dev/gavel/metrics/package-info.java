/**
 * Reads other packages' counters into a micrometer registry, which no other package knows; it never writes one. The
 * packet threads write the counters without locks; a scrape runs on a thread of {@code web} and delays none of them.
 */
@NullMarked
package dev.gavel.metrics;

import org.jspecify.annotations.NullMarked;

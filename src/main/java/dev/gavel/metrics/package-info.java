/**
 * Reads the others' counters into a micrometer registry; the only package that knows it. What is read is written by the
 * packet threads without locks; a scrape runs on the scraper's thread and delays none of them.
 */
@NullMarked
package dev.gavel.metrics;

import org.jspecify.annotations.NullMarked;

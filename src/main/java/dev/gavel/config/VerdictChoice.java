package dev.gavel.config;

import dev.gavel.config.source.Place;
import dev.gavel.queue.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A verdict and where the file names it.
 *
 * @param verdict null: continue
 */
public record VerdictChoice(@Nullable Verdict verdict, Place place) {}

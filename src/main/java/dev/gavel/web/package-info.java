/**
 * The HTTP side: {@code /metrics}, {@code /healthz}, {@code /livez} and a status page, read-only. A few threads of its
 * own that share nothing with those of the packets: a slow, silent or absent scraper delays no verdict.
 */
@NullMarked
package dev.gavel.web;

import org.jspecify.annotations.NullMarked;

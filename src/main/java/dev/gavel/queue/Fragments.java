package dev.gavel.queue;

/** How fragments after the first are judged: they have no ports and no payload. */
public enum Fragments {
    HEADERS_ONLY,
    DROP
}

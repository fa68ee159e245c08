package dev.gavel.queue;

/** What happens to fragments after the first, which have no ports and no payload to judge. */
public enum Fragments {
    HEADERS_ONLY,
    DROP
}

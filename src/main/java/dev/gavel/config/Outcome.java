package dev.gavel.config;

/** What happens to a packet that could not be judged in full. */
public enum Outcome {
    ACCEPT,
    DROP
}

package dev.gavel.config;

import dev.gavel.config.source.Place;

/** Queue numbers from {@code first} to {@code last}, both included, 0 to 65535. */
public record QueueRange(int first, int last, Place place) {
    public boolean contains(int number) {
        return number >= first && number <= last;
    }
}

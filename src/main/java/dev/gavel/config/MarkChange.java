package dev.gavel.config;

import dev.gavel.config.source.Place;

/** New value for those bits of a packet's mark that are in {@code mask}; all bits of {@code value} lie within it. */
public record MarkChange(int value, int mask, Place place) {
    /** The mark {@code old} after this change. */
    public int applyTo(int old) {
        return (old & ~mask) | value;
    }
}

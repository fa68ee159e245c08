package dev.gavel.match;

import io.netty.buffer.ByteBuf;

/** Searches bytes for a matcher's patterns. Belongs to one thread and keeps nothing between scans. */
public interface Scanner extends AutoCloseable {
    /**
     * Adds to {@code hits} every pattern that occurs in the {@code length} bytes at index {@code offset} of
     * {@code buffer}. Leaves the buffer's reader and writer index, and earlier hits, as they are. Allocates nothing.
     *
     * @throws IndexOutOfBoundsException if the buffer does not hold these bytes
     * @throws IllegalArgumentException if {@code hits} is for another number of patterns
     */
    void scan(ByteBuf buffer, int offset, int length, Hits hits);

    @Override
    void close();
}

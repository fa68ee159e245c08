package dev.gavel.match;

import io.netty.buffer.ByteBuf;

/** Finds a matcher's patterns. Belongs to one thread and keeps nothing between scans. */
public interface Scanner extends AutoCloseable {
    /**
     * Adds to {@code hits} every pattern that occurs in {@code length} bytes from index {@code offset} of
     * {@code buffer}, whose own indices stay as they are. Hits of earlier scans stay too. Allocates nothing.
     *
     * @throws IndexOutOfBoundsException if the buffer does not hold these bytes
     * @throws IllegalArgumentException if {@code hits} is for another number of patterns
     */
    void scan(ByteBuf buffer, int offset, int length, Hits hits);

    @Override
    void close();
}

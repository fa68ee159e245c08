package dev.gavel.config;

import dev.gavel.config.source.Place;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How one queue is bound.
 *
 * @param repeatMark what an accept of mode {@link AcceptMode#REPEAT} sets; null in the other modes
 * @param routeQueue where an accept of mode {@link AcceptMode#ROUTE} goes; empty in the other modes
 * @param maxLength packets that may wait in the kernel
 * @param copyRange bytes of each packet that are copied to us, 1 to 65531
 * @param receiveBufferBytes for the socket; the kernel doubles it
 * @param place of its number
 */
public record QueueConfig(
        int number,
        AcceptMode mode,
        @Nullable MarkChange repeatMark,
        OptionalInt routeQueue,
        boolean failOpen,
        boolean gso,
        long maxLength,
        int copyRange,
        int receiveBufferBytes,
        Place place) {
    /** How an accept is sent to the kernel. */
    public enum AcceptMode {
        ACCEPT,
        REPEAT,
        ROUTE
    }
}

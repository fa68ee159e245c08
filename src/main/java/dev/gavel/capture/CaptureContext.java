package dev.gavel.capture;

import dev.gavel.queue.Hook;
import org.jspecify.annotations.Nullable;

/**
 * What a capture does not hold of its packets.
 *
 * @param queueNumber 0 to 65535, or {@link #NO_QUEUE}
 * @param hook null: not known
 * @param mark of every packet, 0 if unset
 * @param inDevice the device that every packet came in by; null: as the capture says
 */
public record CaptureContext(
        int queueNumber,
        @Nullable Hook hook,
        int mark,
        @Nullable String inDevice) {
    /** The queue number of packets that came by no queue. */
    public static final int NO_QUEUE = -1;
    /** Neither queue nor hook nor mark. */
    public static final CaptureContext NONE = new CaptureContext(NO_QUEUE, null, 0, null);

    public CaptureContext {
        if (queueNumber < NO_QUEUE || queueNumber > 0xffff) {
            throw new IllegalArgumentException("queue number " + queueNumber + " (expected: 0 to 65535, or -1: none)");
        }
    }
}

package dev.gavel.queue;

import org.jspecify.annotations.Nullable;

/** Names of the network devices that a source's packets came from or go to. */
@FunctionalInterface
public interface DeviceNames {
    /** No device has a name. */
    DeviceNames NONE = index -> null;

    /**
     * The name of device {@code index}, null if it has none. Allocates at most when a device is seen for the first
     * time.
     */
    @Nullable
    String name(int index);
}

package dev.gavel.queue;

import org.jspecify.annotations.Nullable;

/** Looks up the names of the network devices that a source's packets came from or go to. */
@FunctionalInterface
public interface DeviceNames {
    /** Knows no names. */
    DeviceNames NONE = index -> null;

    /**
     * The name of device {@code index}, null if it has none. May allocate, but only when a device is seen for the first
     * time.
     */
    @Nullable
    String name(int index);
}

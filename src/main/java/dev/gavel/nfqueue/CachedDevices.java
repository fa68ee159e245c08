package dev.gavel.nfqueue;

import dev.gavel.queue.DeviceNames;
import dev.gavel.sys.Interfaces;
import org.jspecify.annotations.Nullable;

/** Names of network interfaces, asked of the kernel at most once a second each. Belongs to one thread. */
final class CachedDevices implements DeviceNames {
    private static final long FRESH_NS = 1_000_000_000L;

    private static final int ROOM = 1024;

    private final int[] indexes = new int[ROOM];
    private final @Nullable String[] names = new @Nullable String[ROOM];
    private final long[] askedNs = new long[ROOM];
    private int size;

    @Override
    public @Nullable String name(int index) {
        if (index == 0) {
            return null;
        }
        long now = System.nanoTime();
        for (int i = 0; i < size; i++) {
            if (indexes[i] == index) {
                if (now - askedNs[i] > FRESH_NS) {
                    ask(i, index, now);
                }
                return names[i];
            }
        }
        if (size == ROOM) {
            size = 0; // where interfaces come and go, indexes grow for ever
        }
        ask(size, index, now);
        return names[size++];
    }

    private void ask(int slot, int index, long now) {
        indexes[slot] = index;
        names[slot] = Interfaces.name(index);
        askedNs[slot] = now;
    }
}

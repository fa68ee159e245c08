package dev.gavel.nfqueue;

import dev.gavel.queue.DeviceNames;
import dev.gavel.sys.Interfaces;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Names of network interfaces, asked of the kernel at most once a second each. Belongs to one thread. */
final class CachedDevices implements DeviceNames {
    private static final long FRESH_NS = 1_000_000_000L;

    private int[] indexes = new int[8];
    private @Nullable String[] names = new @Nullable String[8];
    private long[] askedNs = new long[8];
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
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, size * 2);
            names = Arrays.copyOf(names, size * 2);
            askedNs = Arrays.copyOf(askedNs, size * 2);
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

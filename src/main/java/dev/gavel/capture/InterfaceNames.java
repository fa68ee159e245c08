package dev.gavel.capture;

import dev.gavel.queue.DeviceNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of a capture's interfaces. Each is listed once for all sections, so an index is valid in the whole file. */
final class InterfaceNames implements DeviceNames {
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> indices = new HashMap<>();

    /** The index of {@code name}, from 1; always the same. */
    int index(String name) {
        return indices.computeIfAbsent(name, added -> {
            names.add(added);
            return names.size();
        });
    }

    @Override
    public @Nullable String name(int index) {
        return index > 0 && index <= names.size() ? names.get(index - 1) : null;
    }
}

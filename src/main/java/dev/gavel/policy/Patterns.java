package dev.gavel.policy;

import dev.gavel.match.Case;
import dev.gavel.match.Pattern;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers the patterns of all expressions of a program, equal ones once. */
final class Patterns {
    private record Key(Field bytes, ByteBuffer text, Case sensitivity, int from, int to) {}

    private final Map<Key, Integer> indices = new HashMap<>();
    private final Map<Field, List<Pattern>> patterns = new EnumMap<>(Field.class);

    /** The index of the pattern that {@code text} is in {@code bytes}, from {@code from} to {@code to}-1. */
    int index(Field bytes, byte[] text, Case sensitivity, int from, int to) {
        List<Pattern> list = patterns.computeIfAbsent(bytes, field -> new ArrayList<>());
        return indices.computeIfAbsent(new Key(bytes, ByteBuffer.wrap(text), sensitivity, from, to), key -> {
            list.add(new Pattern(text, sensitivity, from, to));
            return list.size() - 1;
        });
    }

    /** The patterns of one field, by index. */
    List<Pattern> of(Field bytes) {
        return List.copyOf(patterns.getOrDefault(bytes, List.of()));
    }
}

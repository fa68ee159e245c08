package dev.gavel.policy.facts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a field's name in the language means.
 *
 * @param fields one of them suffices ({@code port}: source or destination)
 * @param only a boolean that must be true as well ({@code tcp.port}: TCP); null without
 * @param bits of the number that the name stands for; -1: all
 * @param max the highest number that the field can have
 * @param words names of numbers
 * @param meaning for the reference page
 */
public record FieldName(
        String name,
        Kind kind,
        List<Field> fields,
        @Nullable Field only,
        long bits,
        long max,
        Map<String, Long> words,
        String meaning) {}

package dev.gavel.policy.facts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field name of the policy language and its meaning.
 *
 * @param fields the fields to test; a test is true if it is true for any of them ({@code port}: source or destination)
 * @param only a boolean field that must be true as well ({@code tcp.port}: TCP), or null
 * @param bits mask applied to the number before it is compared; -1: the whole number
 * @param max the highest number that the field can have
 * @param words names that stand for numbers
 * @param meaning description for the reference page
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

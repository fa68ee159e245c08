package dev.gavel.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The JSON Schema of each of our YAML files: their shape, for editors. The loader checks more than a schema can say,
 * expressions above all.
 *
 * @see <a href="https://json-schema.org/draft/2020-12">JSON Schema, draft 2020-12</a>
 */
public enum Schema {
    CONFIGURATION,
    POLICY,
    TESTS;

    /** One JSON document. */
    public String text() {
        String resource = name().toLowerCase(Locale.ROOT) + ".schema.json";
        try (InputStream in = Schema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One JSON document that takes any of the files. */
    public static String any() {
        String all =
                Arrays.stream(values()).map(schema -> schema.text().strip()).collect(Collectors.joining(",\n"));
        return "{\n\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n\"title\": \"Gavel\",\n\"anyOf\": [\n"
                + all + "\n]}\n";
    }
}

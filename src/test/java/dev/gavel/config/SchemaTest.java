package dev.gavel.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Problems;
import dev.gavel.policy.Policies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The schemas, as an independent validator reads them, take what the loader takes. In {@code schema-files.txt}, {@code
 * === good|bad KIND} begins a file.
 */
class SchemaTest {
    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> agreesWithTheLoader() throws IOException {
        String all = resource();
        List<String> files = Stream.of(all.split("(?m)^=== ", -1)).skip(1).toList();
        assertThat(files).hasSizeGreaterThanOrEqualTo(100);
        return files.stream().map(file -> {
            String title = file.lines().findFirst().orElseThrow();
            String yaml = file.substring(title.length() + 1);
            return DynamicTest.dynamicTest(title + ": " + yaml.replace('\n', ' '), () -> check(title, yaml));
        });
    }

    private void check(String title, String yaml) throws IOException {
        Schema schema = Schema.valueOf(title.substring(title.indexOf(' ') + 1).toUpperCase(Locale.ROOT));
        boolean good = title.startsWith("good");
        assertThat(errors(schema.text(), yaml).isEmpty()).as("schema").isEqualTo(good);
        assertThat(errors(Schema.any(), yaml).isEmpty())
                .as("schema of all")
                .isEqualTo(good || takenByAnother(schema, yaml));
        assertThat(mistakes(schema, yaml).isEmpty()).as("loader").isEqualTo(good);
    }

    private static boolean takenByAnother(Schema schema, String yaml) {
        return Stream.of(Schema.values())
                .anyMatch(other -> other != schema && errors(other.text(), yaml).isEmpty());
    }

    private static List<String> errors(String schema, String yaml) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON)
                .validate(yaml, InputFormat.YAML)
                .stream()
                .map(Object::toString)
                .toList();
    }

    private List<String> mistakes(Schema schema, String yaml) throws IOException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        try {
            switch (schema) {
                case CONFIGURATION -> loader.daemon("gavel.yaml", yaml);
                case POLICY ->
                    Policies.compile(DaemonConfig.defaults(), List.of(loader.policy("policy.yaml", yaml)), problems);
                case TESTS -> loader.tests(Files.writeString(folder.resolve("tests.yaml"), yaml));
            }
            problems.throwIfErrors();
            return List.of();
        } catch (ConfigException e) {
            List<String> told = new ArrayList<>();
            e.problems().forEach(problem -> told.add(problem.toString()));
            return told;
        }
    }

    @Test
    void takesTheFilesThatAreShipped() throws IOException {
        assertThat(errors(Schema.CONFIGURATION.text(), Files.readString(Path.of("config/gavel.yaml"))))
                .isEmpty();
        assertThat(errors(Schema.TESTS.text(), Files.readString(Path.of("examples/tests.yaml"))))
                .isEmpty();
        try (Stream<Path> policies = Files.list(Path.of("config/policies.d"))) {
            for (Path policy : policies.toList()) {
                assertThat(errors(Schema.POLICY.text(), Files.readString(policy)))
                        .isEmpty();
            }
        }
        assertThat(errors(Schema.POLICY.text(), Files.readString(Path.of("examples/demo.yaml"))))
                .isEmpty();
    }

    private static String resource() throws IOException {
        try (var in = SchemaTest.class.getResourceAsStream("schema-files.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

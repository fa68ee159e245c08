package dev.gavel.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.policy.facts.FieldName;
import dev.gavel.policy.facts.FieldNames;
import dev.gavel.policy.facts.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/fields.md} to the registry of fields; {@code -Dgavel.golden.renew=true} writes it anew. */
class FieldReferenceTest {
    private static final Path PAGE = Path.of("docs/fields.md");

    @Test
    void tellsEveryFieldAsTheProgramKnowsIt() throws IOException {
        String page = page();
        if (Boolean.getBoolean("gavel.golden.renew")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("made anew with -Dgavel.golden.renew=true").hasContent(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Fields and operators

                Made from the program's own table of fields. A packet that lacks a field makes every comparison with
                it false, `!=` too. A field alone is true when the packet has it; a boolean is its value.

                | field | is | values | meaning |
                |---|---|---|---|
                """);
        FieldNames.all()
                .forEach(name -> page.append("| `%s` | %s | %s | %s |\n"
                        .formatted(name.name(), name.kind().description(), values(name), name.meaning())));
        page.append("\n| what the field is | operators |\n|---|---|\n");
        for (Kind kind : Kind.values()) {
            String operators = TestCompiler.operators(kind).stream()
                    .map(operator -> "`" + operator.word() + "`")
                    .collect(Collectors.joining(" "));
            page.append("| %s | %s |\n".formatted(kind.description(), operators));
        }
        page.append("\nNot yet in this version, and refused by name:\n");
        page.append(FieldNames.later().stream().map(name -> "`" + name + "`").collect(Collectors.joining(" ")));
        return page.append("\n").toString();
    }

    private static String values(FieldName name) {
        List<String> words = name.words().keySet().stream().sorted().toList();
        String numbers = name.kind() == Kind.NUMBER ? "0 to " + name.max() : "";
        return numbers + (numbers.isEmpty() || words.isEmpty() ? "" : "; ") + String.join(", ", words);
    }
}

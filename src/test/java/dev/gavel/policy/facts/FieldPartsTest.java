package dev.gavel.policy.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Follows docs/adding-a-field.md: each field has each part that the page's table lists, where the page says. */
class FieldPartsTest {
    private static final Path PAGE = Path.of("docs/adding-a-field.md");
    private static final Pattern ROW = Pattern.compile("\\| ([a-z ]+) \\| `([^`]+)` \\| (?:`([^`]+)`|`` (.+) ``) \\|");
    private static final String EXAMPLE = "TCP_MSS";
    private static final String EXAMPLE_WORD = "tcp.mss";

    private final List<Part> parts = parts();

    private record Part(String name, Path file, String text) {
        String of(Field field) {
            return text.replace(EXAMPLE, field.name()).replace(EXAMPLE_WORD, field.word());
        }
    }

    private static List<Part> parts() {
        try {
            List<Part> parts = new ArrayList<>();
            for (String line : Files.readAllLines(PAGE)) {
                Matcher row = ROW.matcher(line);
                if (row.matches()) {
                    String text = row.group(3) == null ? row.group(4) : row.group(3);
                    parts.add(new Part(row.group(1), Path.of(row.group(2)), text));
                }
            }
            return parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hasEachPart(Field field) throws IOException {
        assertThat(parts).hasSize(4);
        for (Part part : parts) {
            assertThat(Files.readString(part.file()).contains(part.of(field)))
                    .as(
                            "%s lacks its %s: expected %s in %s, see %s",
                            field, part.name(), part.of(field), part.file(), PAGE)
                    .isTrue();
        }
    }

    /** The page's example is none of the language, so that what it says of a missing field stays true. */
    @Test
    void theExampleIsNoField() {
        assertThat(Stream.of(Field.values()).map(Field::name)).doesNotContain(EXAMPLE);
        assertThat(FieldNames.find(EXAMPLE_WORD)).isNull();
    }

    @Test
    void noNameIsThereAndStillToCome() {
        assertThat(FieldNames.later())
                .allSatisfy(name -> assertThat(FieldNames.find(name)).as(name).isNull());
    }

    @ParameterizedTest
    @EnumSource
    void hasAWidthThatItsNumbersNeed(Field field) {
        assertThat(field.width()).as("%s: width", field).isBetween(1, 48);
        assertThat(field.meaning()).as("%s: meaning", field).isNotBlank();
        assertThat(field.words().values())
                .as("%s: names of numbers beyond its %d bits", field, field.width())
                .allSatisfy(number -> assertThat(number).isBetween(0L, field.max()));
        assertThat(field.kind() == Kind.BOOLEAN).as("%s: one bit", field).isEqualTo(field.width() == 1);
    }
}

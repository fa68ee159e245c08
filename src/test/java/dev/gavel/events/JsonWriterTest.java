package dev.gavel.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.kit.Json;
import dev.gavel.kit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final JsonWriter json = new JsonWriter(64 * 1024);

    private String line() {
        return StandardCharsets.UTF_8.decode(json.written()).toString();
    }

    @Test
    void writesAnObjectALine() {
        json.beginLine()
                .string("a", "x")
                .number("b", 7)
                .begin("c")
                .listOf("d", "y")
                .end();
        json.endLine();
        json.beginLine().begin("empty").end().endLine();
        assertThat(line()).isEqualTo("{\"a\":\"x\",\"b\":7,\"c\":{\"d\":[\"y\"]}}\n{\"empty\":{}}\n");
    }

    @Test
    void leavesOutKeysWithoutAValue() {
        json.beginLine().string("a", null).number("b", -1).number("c", 0).endLine();
        assertThat(line()).isEqualTo("{\"c\":0}\n");
    }

    @Test
    void writesAnyStringSoThatAnotherProgramReadsTheSame() {
        long seed = Seeds.take();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = text(random);
            json.clear();
            json.beginLine().string("text", text).endLine();
            assertThat(Json.object(line())).as("seed %d, text %d", seed, i).isEqualTo(Map.of("text", text));
        }
    }

    /** Of all planes, with control characters, quotes and halves of surrogate pairs. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(40); length > 0; length--) {
            switch (random.nextInt(5)) {
                case 0 -> text.append((char) random.nextInt(0x80));
                case 1 -> text.append((char) random.nextInt(0x800));
                case 2 -> text.append((char) random.nextInt(0x10000));
                case 3 -> text.append("\"\\/\u2028".charAt(random.nextInt(4)));
                default -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
            }
        }
        return text.toString();
    }

    @Test
    void cutsLongStringsBetweenCharacters() {
        for (String unit : List.of("a", "\u0000", "é", "€", "\ud83d\ude00", "\ud800")) {
            json.clear();
            json.beginLine().string("text", unit.repeat(10_000)).endLine();
            assertThat(json.written().remaining())
                    .as("bytes of %s", unit)
                    .isBetween(JsonWriter.MAX_STRING_BYTES - 16, JsonWriter.MAX_STRING_BYTES + 16);
            String read = (String) Json.object(line()).get("text");
            assertThat(read).isEqualTo(unit.repeat(read.length() / unit.length()));
        }
    }
}

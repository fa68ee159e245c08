package dev.gavel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceFile;
import dev.gavel.config.source.SourceText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "when: tcp.port == 80 and  ip.ttl < 5   # a comment",
                "when: tcp.port == 80\n  and\n\n    ip.ttl < 5\n",
                "when: 'payload contains \"it''s'' \" or payload contains ''''''a'' '",
                "when:   'a  b\n   c''d\n\n  e'",
                "when: \"payload contains 'x' and\n   tcp\"",
                "when: |\n  one\n    two  three\n\n  four\n",
                "when: >-\n    one two\n    three\n\n      more indented\n    end",
                "when: >2+ # header comment\n   one\n  two\n\n\n",
                "when: >-\r\n  one\r\n  two\r\n",
                "when: |-\n  payload contains \"\ud83d\ude80 \u00e9\" and \ud83d\ude80\n",
                "{a: b, when: tcp and udp, c: d}",
                "# first\nwhen: a\n",
                "when: >-\n\n\n  leading lines\n",
            })
    void findsEachCharacterInTheSource(String yaml) throws Mistake {
        SourceText text = when(yaml);
        List<String> lines = yaml.lines().toList();
        String value = text.value();
        for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
            if (!Character.isWhitespace(value.charAt(i))) {
                Place place = text.at(i);
                String line = lines.get(place.line() - 1);
                int there = line.codePointAt(line.offsetByCodePoints(0, place.column() - 1));
                assertThat(Character.toString(there))
                        .as("index %d of %s, at %s", i, text, place)
                        .isEqualTo(Character.toString(value.codePointAt(i)));
            }
        }
    }

    @Test
    void countsRepeatedCharactersInOrder() throws Mistake {
        SourceText text = when("when: >-\n  aaa\n  aaa\n  aaa\n");
        assertThat(text.at(0)).isEqualTo(new Place("f", 2, 3));
        assertThat(text.at(2)).isEqualTo(new Place("f", 2, 5));
        assertThat(text.at(4)).isEqualTo(new Place("f", 3, 3));
        assertThat(text.at(10)).isEqualTo(new Place("f", 4, 5));
    }

    @Test
    void pointsBehindTheLastCharacterForTheEnd() throws Mistake {
        assertThat(when("when: tcp and   # x").at(7)).isEqualTo(new Place("f", 1, 14));
        assertThat(when("when: 'a''b'").at(3)).isEqualTo(new Place("f", 1, 12));
    }

    @Test
    void tellsWhereYamlEatsABackslash() throws Mistake {
        assertThat(when("when: \"a\\tb\"").escape()).isEqualTo(new Place("f", 1, 9));
        assertThat(when("when: 'a\\tb'").escape()).isNull();
        assertThat(when("when: \"ab\"\nx: \"\\t\"").escape()).isNull();
    }

    @Test
    void tellsThatACommentCutsAPlainScalar() throws Mistake {
        assertThat(when("when: a #b").isCutByComment()).isTrue();
        assertThat(when("when: a\n#b").isCutByComment()).isFalse();
        assertThat(when("when: 'a' #b").isCutByComment()).isFalse();
        assertThat(when("when: a").isCutByComment()).isFalse();
    }

    private static SourceText when(String yaml) throws Mistake {
        Node.Mapping root = (Node.Mapping) YamlReader.read(new SourceFile("f", yaml), new Problems());
        return root.entries().stream()
                .filter(entry -> entry.key().value().equals("when"))
                .map(entry -> ((Node.Scalar) entry.value()).text())
                .findFirst()
                .orElseThrow();
    }
}

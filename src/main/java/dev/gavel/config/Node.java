package dev.gavel.config;

import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.SourceText;
import java.util.List;

/** One node of a YAML document. Types are not guessed: a scalar is text until a key's place in the schema types it. */
sealed interface Node {
    Place place();

    /** For messages: {@code text}, {@code a list}, {@code a map}. */
    String kind();

    /** This is not what its key takes; nothing is told if the reader has refused it already. */
    default Mistake wrongKind(String expected) {
        return new Mistake(place(), "found " + kind(), expected);
    }

    /** A plain, quoted or block scalar. */
    record Scalar(SourceText text) implements Node {
        @Override
        public Place place() {
            return text.place();
        }

        @Override
        public String kind() {
            return text.value().isEmpty() ? "nothing" : text.toString();
        }
    }

    /** A list in block or flow style. */
    record Sequence(Place place, List<Node> items) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A map in block or flow style; its keys are distinct. */
    record Mapping(Place place, List<Entry> entries) implements Node {
        @Override
        public String kind() {
            return "a map";
        }
    }

    /** What the reader does not accept and has told: an alias, or what a tag or an anchor stands before. */
    record Refused(Place place) implements Node {
        @Override
        public String kind() {
            return "an anchor, alias or tag";
        }

        @Override
        public Mistake wrongKind(String expected) {
            return new Mistake(place, "");
        }
    }

    /** A key with its value. */
    record Entry(SourceText key, Node value) {}
}

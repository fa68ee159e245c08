package dev.gavel.config;

import dev.gavel.config.source.Place;

/**
 * A verdict as a file words it. {@code queueNumber} (0 to 65535) and {@code bypass} mean something for {@link
 * Word#QUEUE} only.
 */
public record VerdictChoice(Word word, int queueNumber, boolean bypass, Place place) {
    /** The words for verdicts. */
    public enum Word {
        ACCEPT,
        DROP,
        REJECT,
        REPEAT,
        QUEUE,
        CONTINUE
    }

    static VerdictChoice of(Word word, Place place) {
        return new VerdictChoice(word, 0, false, place);
    }
}

package dev.gavel.policy.condition;

import com.google.re2j.Pattern;
import dev.gavel.match.pattern.Regex;
import dev.gavel.policy.facts.Truth;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Matches a text, or a slice of it, against a regular expression. Texts are names of network devices, of which there
 * are few, so the result for each name is cached and only a new name allocates. Any thread may use it.
 */
public final class TextRegex {
    private static final int MAX_KEPT = 4096;

    private final Pattern pattern;
    private final int from;
    private final int to;
    private final Map<String, Truth> found = new ConcurrentHashMap<>();

    /** Only characters {@code from} to {@code to}-1 of the text are matched. */
    public TextRegex(Regex regex, int from, int to) {
        this.pattern = Pattern.compile(regex.re2());
        this.from = from;
        this.to = to;
    }

    Truth value(String text) {
        Truth known = found.get(text);
        if (known != null) {
            return known;
        }
        String seen = text.substring(Math.min(from, text.length()), Math.min(to, text.length()));
        String bytes = new String(seen.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Truth value = Truth.of(pattern.matcher(bytes).find());
        if (found.size() < MAX_KEPT) {
            found.put(text, value);
        }
        return value;
    }
}

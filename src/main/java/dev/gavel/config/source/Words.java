package dev.gavel.config.source;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How messages speak of words: quoted, listed, and the known word that was probably meant. */
public final class Words {
    private static final int LONGEST_SHOWN = 40;

    private Words() {}

    /** {@code text} in double quotes, cut when long, without characters that would disturb a terminal or a log. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        int shown = Math.min(text.codePointCount(0, text.length()), LONGEST_SHOWN);
        text.codePoints().limit(shown).forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '.' : c));
        return out.append(text.length() > out.length() - 1 ? "…\"" : "\"").toString();
    }

    /** {@code a, b or c}. */
    public static String either(List<String> words) {
        int last = words.size() - 1;
        return last < 1 ? String.join("", words) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    /** {@code  (did you mean "…"?)} with the closest of {@code known}, or nothing if none is close. */
    public static String didYouMean(String word, Collection<String> known) {
        String closest = closest(word, known);
        return closest == null ? "" : " (did you mean \"" + closest + "\"?)";
    }

    private static @Nullable String closest(String word, Collection<String> known) {
        if (word.length() > LONGEST_SHOWN) {
            return null;
        }
        String best = null;
        int bestDistance = 2 * Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = 2 * distance(word, candidate) - (sameLetters(word, candidate) ? 1 : 0);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static boolean sameLetters(String a, String b) {
        return Arrays.equals(a.chars().sorted().toArray(), b.chars().sorted().toArray());
    }

    /** Edits of one character, or swaps of neighbours, that make {@code b} of {@code a} (optimal string alignment). */
    private static int distance(String a, String b) {
        int[] beforePrevious = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(previous[j - 1] + change, 1 + Math.min(previous[j], current[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            beforePrevious = previous;
            previous = current;
        }
        return previous[b.length()];
    }
}

package dev.gavel.imports;

import java.util.ArrayList;
import java.util.List;

/** Cuts a line into words as iptables-restore does: a word ends at a blank, or at its closing double quote. */
final class SaveWords {
    private SaveWords() {}

    static List<String> of(String line) throws Untranslatable {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else if (c == '"') {
                if (quoted) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                quoted = !quoted;
            } else if (quoted || (c != ' ' && c != '\t')) {
                word.append(c);
            } else if (word.length() > 0) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        if (quoted) {
            throw new Untranslatable("a quote is not closed");
        }
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }
}

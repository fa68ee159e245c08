package dev.gavel.config;

import dev.gavel.config.Node.Entry;
import dev.gavel.config.Node.Mapping;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One map of a file whose keys are known: tells the unknown ones when made, and reads the others one by one. */
final class Section {
    /** How the value of a key is read. */
    @FunctionalInterface
    interface Reading<T> {
        @Nullable
        T read(Node node) throws Mistake;
    }

    private final Place place;
    private final Problems problems;
    private final boolean isMap;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** {@code later}: keys of the contract that this version refuses. */
    Section(Node node, Problems problems, List<String> known, List<String> later) {
        this.place = node.place();
        this.problems = problems;
        if (!(node instanceof Mapping mapping)) {
            node.wrongKind("a map with " + Words.either(known)).reportTo(problems);
            isMap = false;
            return;
        }
        isMap = true;
        for (Entry entry : mapping.entries()) {
            String key = entry.key().value();
            if (known.contains(key)) {
                entries.put(key, entry);
            } else {
                problems.error(entry.key().place(), refusal(key, known, later));
            }
        }
    }

    private static String refusal(String key, List<String> known, List<String> later) {
        if (later.contains(key)) {
            return notYet(key) + "; remove it";
        }
        List<String> all = new ArrayList<>(known);
        all.addAll(later);
        return "unknown key " + Words.quoted(key) + "; expected " + Words.either(known) + Words.didYouMean(key, all);
    }

    /** What is said of words that the contract knows and this version does not. */
    static String notYet(String word) {
        return Words.quoted(word) + " is not yet supported in this version";
    }

    /** False: a problem has been told, and no key is there. */
    boolean isMap() {
        return isMap;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Of the whole section. */
    Place place() {
        return place;
    }

    /** Of the value of {@code key}, or of the whole section. */
    Place place(String key) {
        Entry entry = entries.get(key);
        return entry == null ? place : entry.value().place();
    }

    /** Of {@code key} itself, or of the whole section. */
    Place keyPlace(String key) {
        Entry entry = entries.get(key);
        return entry == null ? place : entry.key().place();
    }

    /** The value of {@code key}; {@code missing} where the key is not there or, with a problem, cannot be read. */
    <T> T value(String key, T missing, Reading<T> reading) {
        T read = optional(key, reading);
        return read == null ? missing : read;
    }

    /** The value of {@code key}; null where the key is not there or, with a problem, cannot be read. */
    <T> @Nullable T optional(String key, Reading<T> reading) {
        Entry entry = entries.get(key);
        try {
            return entry == null ? null : reading.read(entry.value());
        } catch (Mistake e) {
            e.reportTo(problems);
            return null;
        }
    }

    /** As {@link #value}, and a problem if the key is not there. */
    <T> T required(String key, T missing, Reading<T> reading) {
        if (isMap && !has(key)) {
            problems.error(place, "no " + Words.quoted(key) + "; expected the key " + Words.quoted(key));
        }
        return value(key, missing, reading);
    }
}

package dev.gavel.config;

import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of {@code lists:}, by which expressions name many values at once. Its entries stand in the YAML file, or one a
 * line in a file that is read anew with each load.
 */
public final class NamedList {
    /** What the entries are. */
    public enum Type {
        /** Addresses, prefixes and ranges of addresses. */
        NET,
        /** Ports and ranges of ports. */
        PORT,
        /** Host names; see the contract for what leading dots and asterisks mean. */
        DOMAIN,
        /** Texts as they stand. */
        STRING;

        /** As files write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final Place place;
    private final Type type;
    private final List<SourceText> entries;
    private final @Nullable ListFile file;

    private NamedList(String name, Place place, Type type, List<SourceText> entries, @Nullable ListFile file) {
        this.name = name;
        this.place = place;
        this.type = type;
        this.entries = List.copyOf(entries);
        this.file = file;
    }

    /** {@code place} is that of the name. */
    static NamedList of(String name, Place place, Type type, List<SourceText> entries) {
        return new NamedList(name, place, type, entries, null);
    }

    /** {@code filePlace} is where the YAML file names {@code file}. */
    static NamedList in(Path file, Place filePlace, String name, Place place, Type type) {
        return new NamedList(name, place, type, List.of(), new ListFile(file, filePlace, type));
    }

    /** Without {@code $}. */
    public String name() {
        return name;
    }

    /** Of the name. */
    public Place place() {
        return place;
    }

    public Type type() {
        return type;
    }

    /**
     * Gives the entries to {@code reader}, one after the other, until it returns false. A file is read now; that it
     * cannot be goes to {@code problems}.
     */
    public void read(Predicate<SourceText> reader, Problems problems) {
        if (file != null) {
            file.read(reader, problems);
            return;
        }
        for (SourceText entry : entries) {
            if (!reader.test(entry)) {
                return;
            }
        }
    }
}

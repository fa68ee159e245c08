package dev.gavel.config;

import dev.gavel.config.Node.Entry;
import dev.gavel.config.Node.Mapping;
import dev.gavel.config.Node.Scalar;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.SourceText;
import dev.gavel.config.source.Words;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code lists} of {@code gavel.yaml} or of a policy; the entries are read later. */
final class ListsReader {
    private static final List<String> KEYS = List.of("type", "file", "entries");

    private final Path yaml;
    private final Problems problems;

    /** {@code yaml}: the file that files of lists are relative to. */
    ListsReader(Path yaml, Problems problems) {
        this.yaml = yaml;
        this.problems = problems;
    }

    List<NamedList> read(Node node) throws Mistake {
        if (!(node instanceof Mapping mapping)) {
            throw node.wrongKind("a map of names, each with {type: …, file: …} or {type: …, entries: […]}");
        }
        List<NamedList> lists = new ArrayList<>();
        for (Entry entry : mapping.entries()) {
            try {
                Scalar key = new Scalar(entry.key());
                lists.add(list(Values.name(key), key.place(), new Section(entry.value(), problems, KEYS, List.of())));
            } catch (Mistake e) {
                e.reportTo(problems);
            }
        }
        return List.copyOf(lists);
    }

    private NamedList list(String name, Place place, Section section) {
        NamedList.Type type = section.required(
                "type", NamedList.Type.STRING, node -> Values.word(node, "type", NamedList.Type.class));
        if (section.isMap() && section.has("file") == section.has("entries")) {
            problems.error(
                    section.has("file") ? section.keyPlace("entries") : place,
                    "list with " + (section.has("file") ? "both file and entries" : "neither file nor entries")
                            + "; expected one of them");
        }
        Path file = section.optional("file", this::file);
        return file == null
                ? NamedList.of(name, place, type, section.value("entries", List.of(), this::entries))
                : NamedList.in(file, section.place("file"), name, place, type);
    }

    private Path file(Node node) throws Mistake {
        ValueText text = new ValueText(node, "a file, its path from here");
        try {
            return yaml.resolveSibling(text.whole());
        } catch (InvalidPathException e) {
            throw text.mistake(0, "found " + Words.quoted(text.whole()));
        }
    }

    private List<SourceText> entries(Node node) throws Mistake {
        List<SourceText> entries = new ArrayList<>();
        for (Node item : Values.list(node)) {
            try {
                entries.add(new ValueText(item, "an entry").source());
            } catch (Mistake e) {
                e.reportTo(problems);
            }
        }
        return entries;
    }
}

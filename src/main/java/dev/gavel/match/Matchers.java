package dev.gavel.match;

import dev.gavel.sys.Vectorscan;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What compiles patterns here: the native library where it is wanted and can be loaded, else pure Java. */
public final class Matchers {
    /** What a user may ask for. */
    public enum Choice {
        /** The library if it can be loaded, else Java. */
        AUTO,
        VECTORSCAN,
        JAVA
    }

    private final @Nullable Vectorscan library;
    private final @Nullable String whyJava;

    private Matchers(@Nullable Vectorscan library, @Nullable String whyJava) {
        this.library = library;
        this.whyJava = whyJava;
    }

    /** Pure Java. */
    public static Matchers java() {
        return new Matchers(null, null);
    }

    /**
     * What {@code choice} means here.
     *
     * @param folder where the installation has its native libraries; null: nowhere
     * @throws UnsupportedOperationException with the reason if the library is wanted and cannot be loaded
     */
    public static Matchers of(Choice choice, @Nullable Path folder) {
        if (choice == Choice.JAVA) {
            return java();
        }
        try {
            if (folder == null) {
                throw new UnsupportedOperationException("no folder of native libraries is known");
            }
            return new Matchers(Vectorscan.load(folder.resolve("libhs.so")), null);
        } catch (UnsupportedOperationException e) {
            if (choice == Choice.VECTORSCAN) {
                throw e;
            }
            return new Matchers(null, e.getMessage());
        }
    }

    /** Compiles {@code patterns}, numbered in their order. */
    public Matcher compile(List<Pattern> patterns) {
        return library == null || patterns.isEmpty()
                ? AhoCorasick.compile(patterns)
                : VectorscanMatcher.compile(library, patterns);
    }

    /** {@code vectorscan} or {@code java}, as metrics write it. */
    public String backend() {
        return library == null ? "java" : "vectorscan";
    }

    /** Of the library, or of Java's virtual machine. */
    public String version() {
        return library == null ? Runtime.version().toString() : library.version();
    }

    /** Why it is Java although the library would have been taken; null if nothing was amiss. */
    public @Nullable String whyJava() {
        return whyJava;
    }
}

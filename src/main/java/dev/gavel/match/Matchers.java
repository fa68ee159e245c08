package dev.gavel.match;

import dev.gavel.sys.Vectorscan;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What compiles patterns here: pure Java, or the native library where it is asked for.
 *
 * <p>Version 5.4.12 of the library, which comes with the installation, misses some patterns of two and three bytes at
 * the very end of a buffer (VectorCamp/vectorscan issue 358, mended upstream in 2026). Sets with a pattern that short
 * are therefore searched in Java, and Java is what {@link Choice#AUTO} means until a mended library is there.
 */
public final class Matchers {
    /** What a user may ask for. */
    public enum Choice {
        /** Java, for now. */
        AUTO,
        VECTORSCAN,
        JAVA
    }

    /** Shorter patterns may be missed by the library. */
    private static final int MIN_NATIVE_LENGTH = 4;

    private final @Nullable Vectorscan library;

    private Matchers(@Nullable Vectorscan library) {
        this.library = library;
    }

    /** Pure Java. */
    public static Matchers java() {
        return new Matchers(null);
    }

    /**
     * What {@code choice} means here.
     *
     * @param folder where the installation has its native libraries; null: nowhere
     * @throws UnsupportedOperationException with the reason if the library is wanted and cannot be loaded
     */
    public static Matchers of(Choice choice, @Nullable Path folder) {
        if (choice != Choice.VECTORSCAN) {
            return java();
        }
        if (folder == null) {
            throw new UnsupportedOperationException("no folder of native libraries is known");
        }
        return new Matchers(Vectorscan.load(folder.resolve("libhs.so")));
    }

    /** Compiles {@code patterns}, numbered in their order. */
    public Matcher compile(List<? extends Pattern> patterns) {
        List<LiteralPattern> literals =
                patterns.stream().map(LiteralPattern.class::cast).toList();
        boolean isNative =
                !literals.isEmpty() && literals.stream().allMatch(literal -> literal.length() >= MIN_NATIVE_LENGTH);
        return library == null || !isNative
                ? AhoCorasick.compile(literals)
                : VectorscanMatcher.compile(library, literals);
    }

    /** {@code vectorscan} or {@code java}, as metrics write it. */
    public String backend() {
        return library == null ? "java" : "vectorscan";
    }

    /** Of the library, or of Java's virtual machine. */
    public String version() {
        return library == null ? Runtime.version().toString() : library.version();
    }
}

package dev.gavel.match;

import dev.gavel.match.pattern.Pattern;
import dev.gavel.sys.PatternLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What compiles patterns here: the native library where one can be loaded that is not known to miss matches, else pure
 * Java. Literals and regular expressions of a search go into one database. Both engines give the same answers.
 */
public final class Matchers {
    /** What a user may ask for. */
    public enum Choice {
        /** The native library where it can be had, else Java. */
        AUTO,
        NATIVE,
        JAVA
    }

    /**
     * Patterns that one load may have over all its searches: so many literals of 16 bytes take some 430 MB while the
     * library compiles them, and some 7 seconds of a quiet core.
     */
    public static final int MAX_PATTERNS = 150_000;

    /** And the bytes of their literals. */
    public static final long MAX_LITERAL_BYTES = 8L << 20;

    /** And what their regular expressions may cost together: by {@code Regex.cost}, some ten seconds at the worst. */
    public static final long MAX_REGEX_COST = 40_000;

    /** As Debian's libhyperscan5 and libvectorscan5 install it. */
    private static final Path SYSTEM_LIBRARY = Path.of("libhs.so.5");

    private final @Nullable PatternLibrary library;
    private final @Nullable String missing;
    private final @Nullable DatabaseCache cache;

    private Matchers(@Nullable PatternLibrary library, @Nullable String missing, @Nullable DatabaseCache cache) {
        this.library = library;
        this.missing = missing;
        this.cache = cache;
    }

    /** Pure Java. */
    public static Matchers java() {
        return new Matchers(null, null, null);
    }

    /**
     * What {@code choice} means here: the installation's library, else the system's.
     *
     * @param folder where the installation has its native libraries; null: nowhere
     * @throws UnsupportedOperationException with the reasons if the library is wanted and cannot be had
     */
    public static Matchers of(Choice choice, @Nullable Path folder) {
        return of(
                choice, folder == null ? List.of(SYSTEM_LIBRARY) : List.of(folder.resolve("libhs.so"), SYSTEM_LIBRARY));
    }

    /** As {@link #of(Choice, Path)}, with the first of {@code libraries} that can be had. */
    static Matchers of(Choice choice, List<Path> libraries) {
        if (choice == Choice.JAVA) {
            return java();
        }
        List<String> reasons = new ArrayList<>();
        for (Path file : libraries) {
            try {
                PatternLibrary library = PatternLibrary.load(file);
                LibraryCheck.check(library);
                return new Matchers(library, null, null);
            } catch (UnsupportedOperationException e) {
                reasons.add(file + ": " + e.getMessage());
            } catch (LinkageError | IllegalStateException | IllegalArgumentException e) {
                Throwable cause = e.getCause(); // of an initializer's error, which says nothing itself
                reasons.add(file + ": " + (cause == null ? e : cause));
            }
        }
        String missing = String.join("; ", reasons);
        if (choice == Choice.NATIVE) {
            throw new UnsupportedOperationException(missing);
        }
        return new Matchers(null, missing, null);
    }

    /**
     * The same, keeping what it compiles of large sets in files of {@code folder}, which must be our user's alone (0700);
     * if it is not, or cannot be used, everything is compiled as without.
     */
    public Matchers withCache(Path folder) {
        return new Matchers(library, missing, new DatabaseCache(folder));
    }

    /** Look-ups in the cache so far, by result: hit, miss, damaged, unusable. */
    public Map<String, Long> cacheResults() {
        return cache == null ? DatabaseCache.words(Map.of()) : cache.counts();
    }

    /**
     * Compiles {@code patterns}, numbered in their order.
     *
     * @throws IllegalArgumentException naming the pattern that the library refuses, and why
     */
    public Matcher compile(List<? extends Pattern> patterns) {
        return library == null || patterns.isEmpty()
                ? JavaMatcher.compile(patterns)
                : NativeMatcher.compile(library, cache, patterns);
    }

    /** {@code native} or {@code java}, as {@code --matcher} and metrics write it. */
    public String backend() {
        return library == null ? "java" : "native";
    }

    /** The library by its own name and version, as {@code hyperscan 5.4.0 2026-11-20}; or the version of Java's machine. */
    public String version() {
        return library == null ? Runtime.version().toString() : library.name() + " " + library.version();
    }

    /** Why the native library, which nobody has declined, is not used; null if it is, or was declined. */
    public @Nullable String missing() {
        return missing;
    }
}

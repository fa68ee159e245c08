package dev.gavel.match;

import dev.gavel.match.pattern.Pattern;
import dev.gavel.sys.PatternLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles patterns to matchers: with the native library if one can be loaded and passes {@link LibraryCheck},
 * otherwise in pure Java. The literals and regular expressions of a search are compiled together. Both engines find the
 * same matches. Immutable: any thread may use it.
 */
public final class Matchers {
    /** The engine that a user asks for. */
    public enum Choice {
        /** The native library if it can be used, else Java. */
        AUTO,
        NATIVE,
        JAVA
    }

    /**
     * Limit on the number of patterns in one load of the policies, over all searches. Compiling this many 16-byte
     * literals takes the library about 430 MB and 7 seconds on an idle core.
     */
    public static final int MAX_PATTERNS = 150_000;

    /** Limit on the total length in bytes of the literals of one load. */
    public static final long MAX_LITERAL_BYTES = 8L << 20;

    /** Limit on the total {@code Regex.cost} of one load: at worst, about ten seconds of compiling. */
    public static final long MAX_REGEX_COST = 40_000;

    /** File name of the native library as Debian's libhyperscan5 and libvectorscan5 install it. */
    private static final Path SYSTEM_LIBRARY = Path.of("libhs.so.5");

    private final @Nullable PatternLibrary library;
    private final @Nullable String missing;
    private final @Nullable DatabaseCache cache;

    private Matchers(@Nullable PatternLibrary library, @Nullable String missing, @Nullable DatabaseCache cache) {
        this.library = library;
        this.missing = missing;
        this.cache = cache;
    }

    /** Matchers that use the pure Java engine. */
    public static Matchers java() {
        return new Matchers(null, null, null);
    }

    /**
     * The engine for {@code choice}. A native library is looked for in {@code folder} first, then in the system.
     *
     * @param folder the native libraries that were installed with Gavel; null if there are none
     * @throws UnsupportedOperationException if {@code choice} is NATIVE and no library can be used; says why for each
     */
    public static Matchers of(Choice choice, @Nullable Path folder) {
        return of(
                choice, folder == null ? List.of(SYSTEM_LIBRARY) : List.of(folder.resolve("libhs.so"), SYSTEM_LIBRARY));
    }

    /** Like {@link #of(Choice, Path)}, but uses the first library in {@code libraries} that works. */
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
                Throwable cause = e.getCause(); // an ExceptionInInitializerError itself says nothing
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
     * A copy of this object that caches large compiled sets as files in {@code folder}. Only our user may have write
     * access to the folder (mode 0700). If others have it too, or the folder cannot be used, everything is compiled
     * without the cache.
     */
    public Matchers withCache(Path folder) {
        return new Matchers(library, missing, new DatabaseCache(folder));
    }

    /** Number of cache look-ups so far, by result: hit, miss, damaged, unusable. */
    public Map<String, Long> cacheResults() {
        return cache == null ? DatabaseCache.words(Map.of()) : cache.counts();
    }

    /**
     * Compiles {@code patterns}, numbered in their order.
     *
     * @throws PatternRefusal naming the pattern that the library rejects, and why
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

    /** The library's own name and version, such as {@code hyperscan 5.4.0 2026-11-20}; for Java, the JVM's version. */
    public String version() {
        return library == null ? Runtime.version().toString() : library.name() + " " + library.version();
    }

    /** Why AUTO fell back to Java; null if the native library is used, or was not asked for. */
    public @Nullable String missing() {
        return missing;
    }
}

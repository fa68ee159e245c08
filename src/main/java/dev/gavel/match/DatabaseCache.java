package dev.gavel.match;

import dev.gavel.sys.PatternDatabase;
import dev.gavel.sys.PatternDatabase.Expression;
import dev.gavel.sys.PatternLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps compiled databases in files, so that a large set is compiled once and not at each start. An entry's name is a
 * digest of everything that its content depends on: expressions, flags, the library's version and the CPU. The library
 * does not validate what it loads, so whoever can write an entry could run code in this process. Therefore an entry is
 * loaded only if it belongs to our own user, lies in a folder that nobody else can write to, and has the right
 * checksum. Several processes may share a folder. Any thread may use this class.
 *
 * <p>Layout of an entry: 8 bytes of magic, 32 of the key, the database, 32 of SHA-256 over all of these.
 */
final class DatabaseCache {
    /** Outcome of one look-up. */
    enum Result {
        HIT,
        MISS,
        /** The entry was truncated, altered or not ours, so the set was compiled again. */
        DAMAGED,
        /** The folder cannot be read or written, or others can write to it. */
        UNUSABLE
    }

    /** Smaller sets are not cached: they compile in about 10 ms. */
    static final int MIN_EXPRESSIONS = 500;

    static final int MAX_ENTRIES = 16;

    private static final long MAX_ENTRY_BYTES = 128L << 20;
    private static final byte[] MAGIC = "GAVELHS1".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final int OVERHEAD = MAGIC.length + 2 * DIGEST_BYTES;
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path folder;
    private final Map<Result, Long> counts = new EnumMap<>(Result.class);

    DatabaseCache(Path folder) {
        this.folder = folder;
    }

    /** Numbers of look-ups so far; the keys are the results in lower case. */
    synchronized Map<String, Long> counts() {
        return words(counts);
    }

    static Map<String, Long> words(Map<Result, Long> counts) {
        Map<String, Long> words = new TreeMap<>();
        for (Result result : Result.values()) {
            words.put(result.name().toLowerCase(Locale.ROOT), counts.getOrDefault(result, 0L));
        }
        return words;
    }

    private synchronized void count(Result result) {
        counts.merge(result, 1L, Long::sum);
    }

    /**
     * Returns the database of {@code expressions}, from the cache if possible. Otherwise compiles it, and caches it if
     * the set is large.
     */
    PatternDatabase database(PatternLibrary library, List<Expression> expressions) {
        if (expressions.size() < MIN_EXPRESSIONS) {
            return PatternDatabase.compile(library, expressions);
        }
        byte[] key = key(library, expressions);
        Path entry = folder.resolve(HexFormat.of().formatHex(key) + ".hs");
        PatternDatabase known = read(library, expressions.size(), entry, key);
        if (known != null) {
            return known;
        }
        PatternDatabase database = PatternDatabase.compile(library, expressions);
        try {
            write(entry, key, database.serialize());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            count(Result.UNUSABLE); // the database itself is fine; it only was not cached
        }
        return database;
    }

    private @Nullable PatternDatabase read(PatternLibrary library, int expressions, Path entry, byte[] key) {
        Result result = Result.MISS;
        try {
            if (!isOurs(folder)) {
                result = Result.UNUSABLE;
            } else if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
                result = Result.DAMAGED;
                byte[] bytes = isOurs(entry) ? content(entry) : new byte[0];
                if (isWhole(bytes, key)) {
                    PatternDatabase database = PatternDatabase.deserialize(
                            library, expressions, bytes, OVERHEAD - DIGEST_BYTES, bytes.length - OVERHEAD);
                    result = Result.HIT;
                    return database;
                }
            }
        } catch (IOException e) {
            result = Result.UNUSABLE;
        } catch (IllegalArgumentException e) {
            result = Result.DAMAGED; // intact, but the library rejects it
        } finally {
            count(result);
        }
        return null;
    }

    /** Whether {@code path} is not a symbolic link, belongs to our user, and cannot be written by group or others. */
    private static boolean isOurs(Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:uid,permissions,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        @SuppressWarnings("unchecked") // as the view documents it
        Set<PosixFilePermission> permissions = (Set<PosixFilePermission>) attributes.get("permissions");
        return self.equals(attributes.get("uid"))
                && !Boolean.TRUE.equals(attributes.get("isSymbolicLink"))
                && permissions != null
                && permissions.stream().noneMatch(OTHERS_WRITE::contains);
    }

    /** The bytes of {@code entry}; empty if the file is too large to be an entry. */
    private static byte[] content(Path entry) throws IOException {
        try (InputStream in = Files.newInputStream(entry, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes((int) Math.min(Files.size(entry), MAX_ENTRY_BYTES + 1));
            return bytes.length > MAX_ENTRY_BYTES ? new byte[0] : bytes;
        }
    }

    private static boolean isWhole(byte[] bytes, byte[] key) {
        if (bytes.length <= OVERHEAD) {
            return false;
        }
        ByteBuffer entry = ByteBuffer.wrap(bytes);
        MessageDigest digest = sha256();
        digest.update(bytes, 0, bytes.length - DIGEST_BYTES);
        return entry.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                && entry.slice(MAGIC.length, DIGEST_BYTES).equals(ByteBuffer.wrap(key))
                && entry.slice(bytes.length - DIGEST_BYTES, DIGEST_BYTES).equals(ByteBuffer.wrap(digest.digest()));
    }

    private void write(Path entry, byte[] key, byte[] database) throws IOException {
        if (database.length > MAX_ENTRY_BYTES - OVERHEAD) {
            return;
        }
        if (!isOurs(folder)) {
            return; // read() has counted this as UNUSABLE already
        }
        prune();
        MessageDigest digest = sha256();
        digest.update(MAGIC);
        digest.update(key);
        Path temporary = Files.createTempFile(folder, "new", ".tmp"); // created with mode 0600
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                for (byte[] part : List.of(MAGIC, key, database, digest.digest(database))) {
                    out.write(part);
                }
            }
            Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Makes room for one more entry: deletes the oldest files, including those that killed processes left half written.
     */
    private void prune() throws IOException {
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            newestFirst = files.filter(file ->
                            file.toString().endsWith(".hs") || file.toString().endsWith(".tmp"))
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .reversed())
                    .toList();
        }
        for (Path old : newestFirst.subList(Math.min(MAX_ENTRIES - 1, newestFirst.size()), newestFirst.size())) {
            Files.deleteIfExists(old);
        }
    }

    private static byte[] key(PatternLibrary library, List<Expression> expressions) {
        MessageDigest digest = sha256();
        update(digest, library.version().getBytes(StandardCharsets.UTF_8));
        update(digest, library.platform());
        for (Expression expression : expressions) {
            update(digest, expression.regex().getBytes(StandardCharsets.US_ASCII));
            digest.update(ByteBuffer.allocate(20)
                    .putInt(expression.flags())
                    .putLong(expression.minEnd())
                    .putLong(expression.maxEnd())
                    .flip());
        }
        return digest.digest();
    }

    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}

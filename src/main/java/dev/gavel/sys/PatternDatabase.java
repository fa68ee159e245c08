package dev.gavel.sys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Expressions compiled by {@link PatternLibrary} for scans of whole buffers. Immutable: any thread may scan it by a
 * {@link PatternScanner} of its own. {@link #close} frees it, once no scanner is in use any more.
 */
public final class PatternDatabase implements AutoCloseable {
    /** Letters match in either case. */
    public static final int CASELESS = 1;
    /** A dot matches line feeds too. */
    public static final int DOTALL = 2;
    /** {@code ^} and {@code $} match at the start and end of lines. */
    public static final int MULTILINE = 4;
    /** Report the expression at most once per scan. */
    public static final int SINGLE_MATCH = 8;

    private static final int MODE_BLOCK = 1;
    private static final int POINTER_BYTES = 8;
    // struct hs_expr_ext: u64 flags, min_offset, max_offset, min_length; u32 edit_distance, hamming_distance
    private static final int EXT_BYTES = 40;
    private static final int EXT_MIN_OFFSET = 8;
    private static final int EXT_MAX_OFFSET = 16;
    private static final long HAS_MIN_OFFSET = 1;
    private static final long HAS_MAX_OFFSET = 2;

    /**
     * One expression.
     *
     * @param regex PCRE syntax, ASCII
     * @param flags of {@link PatternDatabase}
     * @param minEnd offset in the scanned bytes at which a match may end at the earliest; 0: any
     * @param maxEnd offset at which it may end at the latest; {@link Long#MAX_VALUE}: any
     */
    public record Expression(String regex, int flags, long minEnd, long maxEnd) {}

    private final PatternLibrary library;
    private final long address;
    private final int expressions;

    private PatternDatabase(PatternLibrary library, long address, int expressions) {
        this.library = library;
        this.address = address;
        this.expressions = expressions;
    }

    /**
     * Compiles {@code expressions}; their ids are their indexes.
     *
     * @throws Refusal naming the expression that the library refuses, and why
     */
    public static PatternDatabase compile(PatternLibrary library, List<Expression> expressions) {
        int count = expressions.size();
        try (Arena arena = new Arena()) {
            long regexes = arena.allocate((long) count * POINTER_BYTES);
            long flags = arena.allocate(count * 4L);
            long ids = arena.allocate(count * 4L);
            long exts = arena.allocate((long) count * POINTER_BYTES);
            for (int i = 0; i < count; i++) {
                Expression expression = expressions.get(i);
                PatternLibrary.MEMORY.putAddress(regexes + (long) i * POINTER_BYTES, arena.string(expression.regex()));
                PatternLibrary.MEMORY.putInt(flags + i * 4L, expression.flags());
                PatternLibrary.MEMORY.putInt(ids + i * 4L, i);
                PatternLibrary.MEMORY.putAddress(exts + (long) i * POINTER_BYTES, ext(arena, expression));
            }
            long database = arena.allocate(POINTER_BYTES);
            long error = arena.allocate(POINTER_BYTES);
            long platform = suitsFewBuckets(count) ? arena.allocate(PatternLibrary.PLATFORM_BYTES) : 0; // zeros: no AVX
            if (library.compile(regexes, flags, ids, exts, count, MODE_BLOCK, platform, database, error) != 0) {
                throw refusal(library, PatternLibrary.MEMORY.getAddress(error), expressions);
            }
            return new PatternDatabase(library, PatternLibrary.MEMORY.getAddress(database), count);
        }
    }

    /**
     * Whether to compile as if the CPU had no AVX, which makes searches for 9 to 16 literals faster. For AVX2, the
     * compiler gives each literal a bucket of its own, 16 in all, and a search step covers 16 bytes; without AVX it
     * makes 8 shared buckets, and a step covers 32 bytes. The search uses AVX2 either way: it chooses its instructions
     * by the CPU that it runs on, and accepts databases compiled for a CPU without AVX.
     */
    private static boolean suitsFewBuckets(int expressions) {
        return expressions > 8 && expressions <= 16;
    }

    private static long ext(Arena arena, Expression expression) {
        long flags = (expression.minEnd() > 0 ? HAS_MIN_OFFSET : 0)
                | (expression.maxEnd() < Long.MAX_VALUE ? HAS_MAX_OFFSET : 0);
        if (flags == 0) {
            return 0;
        }
        long ext = arena.allocate(EXT_BYTES);
        PatternLibrary.MEMORY.putLong(ext, flags);
        PatternLibrary.MEMORY.putLong(ext + EXT_MIN_OFFSET, expression.minEnd());
        PatternLibrary.MEMORY.putLong(ext + EXT_MAX_OFFSET, expression.maxEnd());
        return ext;
    }

    /** struct hs_compile_error: char *message, int expression (negative: none in particular). */
    private static Refusal refusal(PatternLibrary library, long error, List<Expression> expressions) {
        String message = PatternLibrary.string(PatternLibrary.MEMORY.getAddress(error));
        int index = PatternLibrary.MEMORY.getInt(error + POINTER_BYTES);
        library.call("hs_free_compile_error", error);
        String which = index < 0
                ? ""
                : "expression " + index + " \"" + expressions.get(index).regex() + "\": ";
        return new Refusal(index, which + message);
    }

    /** Thrown for expressions that the library does not compile. */
    public static final class Refusal extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final int index;

        Refusal(int index, String message) {
            super(message);
            this.index = index;
        }

        /** Index of the rejected expression; negative if the library blames no single one. */
        public int index() {
            return index;
        }
    }

    /** This database as bytes for {@link #deserialize}, by the same library on the same kind of CPU. */
    public byte[] serialize() {
        try (Arena arena = new Arena()) {
            long pointer = arena.allocate(POINTER_BYTES);
            long length = arena.allocate(POINTER_BYTES);
            int error = library.call("hs_serialize_database", address, pointer, length);
            if (error != 0) {
                throw new IllegalStateException("hs_serialize_database says " + error);
            }
            long serialized = PatternLibrary.MEMORY.getAddress(pointer);
            try {
                byte[] bytes = new byte[Math.toIntExact(PatternLibrary.MEMORY.getLong(length))];
                PatternLibrary.MEMORY.getByteArray(serialized, bytes, 0, bytes.length);
                return bytes;
            } finally {
                PatternLibrary.free(serialized);
            }
        }
    }

    /**
     * Restores a database from the {@code length} bytes at {@code offset} of {@code bytes}. They must come unaltered
     * from {@link #serialize}: the library checks little more than its own version.
     *
     * @param expressions number of expressions that were compiled
     * @throws IllegalArgumentException if the library rejects the bytes
     */
    public static PatternDatabase deserialize(
            PatternLibrary library, int expressions, byte[] bytes, int offset, int length) {
        try (Arena arena = new Arena()) {
            long serialized = arena.allocate(length);
            PatternLibrary.MEMORY.putByteArray(serialized, bytes, offset, length);
            long database = arena.allocate(POINTER_BYTES);
            int error = library.call("hs_deserialize_database", serialized, length, database);
            if (error != 0) {
                throw new IllegalArgumentException("hs_deserialize_database says " + error);
            }
            return new PatternDatabase(library, PatternLibrary.MEMORY.getAddress(database), expressions);
        }
    }

    PatternLibrary library() {
        return library;
    }

    long address() {
        return address;
    }

    /** Number of expressions; ids are below it. */
    int expressions() {
        return expressions;
    }

    @Override
    public void close() {
        library.call("hs_free_database", address);
    }

    /** Native memory for the length of one call. */
    private static final class Arena implements AutoCloseable {
        private long[] blocks = new long[64];
        private int size;

        long allocate(long bytes) {
            long block = PatternLibrary.MEMORY.allocateMemory(Math.max(1, bytes), true);
            if (size == blocks.length) {
                blocks = Arrays.copyOf(blocks, size * 2);
            }
            blocks[size++] = block;
            return block;
        }

        long string(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            long address = allocate(bytes.length + 1L);
            PatternLibrary.MEMORY.putByteArray(address, bytes, 0, bytes.length);
            return address;
        }

        @Override
        public void close() {
            for (int i = 0; i < size; i++) {
                PatternLibrary.MEMORY.freeMemory(blocks[i]);
            }
        }
    }
}

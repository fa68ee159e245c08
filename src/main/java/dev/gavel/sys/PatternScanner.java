package dev.gavel.sys;

import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Closure;
import com.kenai.jffi.ClosureManager;
import com.kenai.jffi.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Scans buffers with one {@link PatternDatabase}; holds the scratch memory that the library needs for it. Belongs to
 * one thread; {@link #close} frees it, before the database.
 */
public final class PatternScanner implements AutoCloseable {
    private static final int TERMINATED = -3;

    private final PatternDatabase database;
    private final long scratch;
    private final FoundPatterns found;
    private final Closure.@Nullable Handle callback; // null: machine code instead
    private int size;

    public PatternScanner(PatternDatabase database) {
        this(database, ScanCode.isThere() ? Callback.MACHINE_CODE : Callback.JAVA);
    }

    /** What the library calls for each match. */
    enum Callback {
        MACHINE_CODE,
        /** Costs 200 ns or more per match, compared with {@link ScanCode}. */
        JAVA
    }

    PatternScanner(PatternDatabase database, Callback kind) {
        this.database = database;
        scratch = allocateScratch(database);
        found = new FoundPatterns(database.expressions());
        if (kind == Callback.JAVA) {
            callback = closure();
        } else {
            callback = null;
            found.put(FoundPatterns.DATABASE, database.address());
            found.put(FoundPatterns.SCRATCH, scratch);
            found.put(FoundPatterns.CALLBACK, ScanCode.callback());
            found.put(FoundPatterns.SCAN, database.library().scanAddress());
        }
    }

    private static long allocateScratch(PatternDatabase database) {
        long pointer = PatternLibrary.MEMORY.allocateMemory(8, true);
        try {
            int error = database.library().call("hs_alloc_scratch", database.address(), pointer);
            if (error != 0) {
                throw new IllegalStateException("hs_alloc_scratch says " + error);
            }
            return PatternLibrary.MEMORY.getAddress(pointer);
        } finally {
            PatternLibrary.MEMORY.freeMemory(pointer);
        }
    }

    /**
     * Parameters as of match_event_handler: id, from, to, flags, context. Must not throw: no exception may pass through
     * the library.
     */
    private Closure.Handle closure() {
        return ClosureManager.getInstance()
                .newClosure(
                        call -> call.setIntReturn(found.add(call.getInt(0)) ? 0 : 1),
                        Type.SINT32,
                        new Type[] {Type.UINT32, Type.UINT64, Type.UINT64, Type.UINT32, Type.POINTER},
                        CallingConvention.DEFAULT);
    }

    /**
     * Scans {@code length} bytes at {@code address}, which the caller keeps alive; returns how many expressions match.
     * Allocates nothing.
     */
    public int scan(long address, int length) {
        found.clear();
        int result = callback == null
                ? database.library().scan(found, address, length)
                : database.library().scan(database.address(), address, length, scratch, callback.getAddress());
        if (result != 0 && result != TERMINATED) {
            throw new IllegalStateException("hs_scan says " + result);
        }
        size = found.size();
        return size;
    }

    /**
     * An expression that the last scan found, {@code index} from 0. Each is listed once, in the order of first matches.
     */
    public int found(int index) {
        return found.id(Objects.checkIndex(index, size));
    }

    @Override
    public void close() {
        database.library().call("hs_free_scratch", scratch);
        found.free();
        if (callback != null) {
            callback.dispose();
        }
    }
}

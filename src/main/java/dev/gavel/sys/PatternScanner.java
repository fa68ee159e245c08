package dev.gavel.sys;

import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Closure;
import com.kenai.jffi.ClosureManager;
import com.kenai.jffi.Type;
import org.jspecify.annotations.Nullable;

/**
 * Scans buffers with one {@link PatternDatabase}; holds the scratch memory that the library needs for it. Belongs to one
 * thread; {@link #close} frees it, before the database.
 */
public final class PatternScanner implements AutoCloseable {
    private static final int TERMINATED = -3;

    /** Told of each match. */
    @FunctionalInterface
    public interface Listener {
        /** Expression {@code id} matches, ending before offset {@code end} of the scanned bytes; false: stop the scan. */
        boolean matched(int id, long end);
    }

    private final PatternDatabase database;
    private final Listener listener;
    private final long scratch;
    private final Closure.Handle callback;
    private @Nullable Throwable thrown;

    public PatternScanner(PatternDatabase database, Listener listener) {
        this.database = database;
        this.listener = listener;
        scratch = allocateScratch(database);
        callback = ClosureManager.getInstance()
                .newClosure(
                        this::matched,
                        Type.SINT32,
                        new Type[] {Type.UINT32, Type.UINT64, Type.UINT64, Type.UINT32, Type.POINTER},
                        CallingConvention.DEFAULT);
    }

    private static long allocateScratch(PatternDatabase database) {
        long pointer = Vectorscan.MEMORY.allocateMemory(8, true);
        try {
            int error = database.library().call("hs_alloc_scratch", database.address(), pointer);
            if (error != 0) {
                throw new IllegalStateException("hs_alloc_scratch says " + error);
            }
            return Vectorscan.MEMORY.getAddress(pointer);
        } finally {
            Vectorscan.MEMORY.freeMemory(pointer);
        }
    }

    /** Nothing that is thrown may cross the library: it stops the scan, and is thrown behind it. */
    private void matched(Closure.Buffer call) {
        boolean goOn = false;
        try {
            goOn = listener.matched(call.getInt(0), call.getLong(2));
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        call.setIntReturn(goOn ? 0 : 1);
    }

    /** Scans {@code length} bytes at {@code address}, which the caller keeps alive. Allocates nothing. */
    public void scan(long address, int length) {
        int result = database.library().scan(database.address(), address, length, scratch, callback.getAddress());
        if (thrown != null) {
            rethrow();
        }
        if (result != 0 && result != TERMINATED) {
            throw new IllegalStateException("hs_scan says " + result);
        }
    }

    private void rethrow() {
        Throwable e = thrown;
        thrown = null;
        if (e instanceof Error error) {
            throw error;
        }
        if (e instanceof RuntimeException exception) {
            throw exception;
        }
    }

    @Override
    public void close() {
        database.library().call("hs_free_scratch", scratch);
        callback.dispose();
    }
}

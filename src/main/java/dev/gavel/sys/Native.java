package dev.gavel.sys;

import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** The one loaded {@link Libc} and the calling thread's errno. */
final class Native {
    static final Libc LIBC = load();
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    private Native() {}

    private static Libc load() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException(
                    "big-endian machines are not supported: netlink headers are in host order");
        }
        return LibraryLoader.create(Libc.class).load("c");
    }

    /** errno of this thread's last call. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}

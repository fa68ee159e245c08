package dev.gavel.sys;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A call to the operating system that failed: which, and with what errno. */
public final class SyscallException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /** The failure of {@code call}, which a reader of manuals would look up. */
    public SyscallException(String call, int errno) {
        super(call + ": " + Errno.name(errno), new IOException(call));
        this.errno = errno;
    }

    /** One of {@link Errno}, or another number of Linux. */
    public int errno() {
        return errno;
    }

    /** Whether a privilege was missing. */
    public boolean isPermission() {
        return errno == Errno.EPERM || errno == Errno.EACCES;
    }
}

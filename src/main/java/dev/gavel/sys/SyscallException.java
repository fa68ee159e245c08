package dev.gavel.sys;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A failed call to the operating system: its name and errno. */
public final class SyscallException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /** The failure of {@code call}, named as its manual page is. */
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

package dev.gavel.lab;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The few calls that Java lacks: see setns(2), unix(7). Each returns -1 on failure. */
public interface Libc {
    Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    int open(CharSequence path, int flags);

    int close(int fd);

    int setns(int fd, int type);

    int kill(int pid, int signal);

    int sched_setaffinity(int thread, @size_t long length, @In long[] cpus);

    long ptrace(long request, int pid, long address, long data);

    int socket(int domain, int type, int protocol);

    int bind(int fd, @In byte[] address, int length);

    @ssize_t
    long recv(int fd, @Out byte[] buffer, @size_t long length, int flags);

    /** Returns {@code result}, or fails the test with {@code call} and errno if it is negative. */
    static int checked(String call, int result) {
        if (result < 0) {
            throw new AssertionError(call + " failed, errno " + LastError.getLastError(Runtime.getRuntime(LIBC)));
        }
        return result;
    }
}

package dev.gavel.sys;

import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C functions we call, in their C names and order; addresses are plain numbers, so that a call allocates nothing.
 * At most five arguments each: jnr-ffi garbles the sixth of a mapping of primitives. For this package only; it is
 * public because jnr-ffi implements it from outside.
 */
public interface Libc {
    int socket(int domain, int type, int protocol);

    int bind(int fd, @intptr_t long address, int length);

    int connect(int fd, @intptr_t long address, int length);

    int setsockopt(int fd, int level, int name, @intptr_t long value, int length);

    int getsockopt(int fd, int level, int name, @intptr_t long value, @intptr_t long length);

    @ssize_t
    long recv(int fd, @intptr_t long address, @size_t long length, int flags);

    @ssize_t
    long send(int fd, @intptr_t long address, @size_t long length, int flags);

    @ssize_t
    long sendmsg(int fd, @intptr_t long message, int flags);

    int recvmmsg(int fd, @intptr_t long messages, int count, int flags, @intptr_t long timeout);

    int open(CharSequence path, int flags);

    int close(int fd);

    int setns(int fd, int type);

    int clock_gettime(int clock, @intptr_t long time);

    int mprotect(@intptr_t long address, @size_t long length, int protection);

    @intptr_t
    long if_indextoname(int index, @intptr_t long name);
}

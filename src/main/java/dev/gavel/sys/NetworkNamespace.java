package dev.gavel.sys;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace with a name, as {@code ip netns add} makes it. Code run inside it is on a thread of its own;
 * threads that it starts stay inside too.
 */
public final class NetworkNamespace {
    private static final Path FOLDER = Path.of("/run/netns");
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private final String name;

    public NetworkNamespace(String name) {
        this.name = name;
    }

    /**
     * Runs {@code task} inside this namespace and waits for its result.
     *
     * @throws Exception what {@code task} throws, or {@link SyscallException} if the namespace cannot be entered
     * @see <a href="https://man7.org/linux/man-pages/man2/setns.2.html">setns(2)</a>
     */
    public <T> T call(Callable<T> task) throws Exception {
        FutureTask<T> inside = new FutureTask<>(() -> {
            enter();
            return task.call();
        });
        Thread thread = new Thread(inside, "netns-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return inside.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void enter() {
        int fd = Native.LIBC.open(FOLDER.resolve(name).toString(), O_RDONLY_CLOEXEC);
        if (fd < 0) {
            throw new SyscallException("open network namespace " + name, Native.errno());
        }
        int result = Native.LIBC.setns(fd, CLONE_NEWNET);
        int errno = Native.errno();
        Native.LIBC.close(fd);
        if (result < 0) {
            throw new SyscallException("setns " + name, errno);
        }
    }
}

package dev.gavel.lab;

import static dev.gavel.lab.Libc.LIBC;

import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A named network namespace. Java code in it runs on threads of its own: a socket belongs to the namespace of the
 * thread that creates it (network_namespaces(7)), whoever uses it later.
 */
final class Netns implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;

    private final String name;
    private final ExecutorService threads;
    private final Deque<AutoCloseable> inside = new ArrayDeque<>();

    Netns(String name) {
        this.name = name;
        Shell.exit(List.of("ip", "netns", "del", name)); // left where a test failed while it built its laboratory
        Shell.run("ip", "netns", "add", name);
        ip("link", "set", "lo", "up");
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(
                    () -> {
                        enter();
                        task.run();
                    },
                    name);
            thread.setDaemon(true);
            return thread;
        });
        // Duplicate address detection would keep each IPv6 address unusable for a second or two.
        sysctl("ipv6/conf/default/accept_dad", "0");
    }

    String name() {
        return name;
    }

    private void enter() {
        int fd = Libc.checked("open", LIBC.open("/run/netns/" + name, 0));
        Libc.checked("setns", LIBC.setns(fd, CLONE_NEWNET));
        LIBC.close(fd);
    }

    /** Runs {@code ip} with {@code arguments} on this namespace. */
    void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments));
        Shell.run(command.toArray(String[]::new));
    }

    /** Sets a parameter of {@code /proc/sys/net}. */
    void sysctl(String parameter, String value) {
        call(() -> Files.writeString(Path.of("/proc/sys/net", parameter), value));
    }

    /** The command that runs {@code command} inside. */
    List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
        inside.addAll(command);
        return inside;
    }

    /** Runs a command inside that must succeed, and returns its output. */
    String run(String... command) {
        return Shell.run(command(List.of(command)).toArray(String[]::new));
    }

    /** Runs {@code task} on a thread inside and returns its result. */
    <T> T call(Callable<T> task) {
        try {
            return start(task).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("in namespace " + name, e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts {@code task} on a thread inside. */
    <T> Future<T> start(Callable<T> task) {
        return threads.submit(task);
    }

    /** Starts a task inside that nobody waits for. It ends when its socket is closed, hence with an exception. */
    void background(Callable<?> task) {
        threads.execute(() -> {
            try {
                task.call();
            } catch (SocketException e) {
                // Closed, or reset by a test: what was to be told about it, the task has told.
            } catch (Exception e) {
                throw new IllegalStateException("in namespace " + name, e);
            }
        });
    }

    /** Has {@code resource} closed before this namespace goes. */
    void closing(AutoCloseable resource) {
        inside.push(resource);
    }

    @Override
    public void close() {
        for (AutoCloseable resource : inside) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("in namespace " + name, e);
            }
        }
        threads.shutdownNow();
        Shell.run("ip", "netns", "del", name);
    }
}
